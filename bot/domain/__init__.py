"""The nouns of the house as frozen plain data: people, rounds, results, permissions, time, chance.

Nothing here reads or writes anything; every other storey may import it.
"""
