"""What is said about whether an action works: to its responsible, the team and the lead."""

from bot.cards import Actions, Button, Fields, Link, Message, Part, Text
from bot.domain.action_items import ActionItem, Effect, Verdict
from bot.domain.effects import can_be_judged, can_be_shared, effect_of, proposed
from bot.domain.results import Band
from bot.flows.effects import before as effect_before
from bot.flows.effects.known import figure_now, round_of
from bot.flows.env import Env, Reader
from bot.flows.results import reading as results
from bot.flows.results.words import score
from bot.flows.rounds.cards import local
from bot.storage import people
from bot.storage.figures import Kept
from bot.storage.store import Tx

SAID = (Effect.WORKS, Effect.PARTLY, Effect.NOT_YET)


def ask(reader: Reader, item: ActionItem) -> Message:
    """Return the card that asks the responsible, by name."""
    words = reader.words
    context = f"{item.id}:{item.turn}"
    if not can_be_judged(item):
        return outcome(reader, item)
    choices = tuple(
        Button(
            "effect.say",
            words(f"effect_word.{one.value}"),
            context,
            one.value,
            "choice",
            chosen=item.said is one,
        )
        for one in SAID
    )
    parts: tuple[Part, ...] = (
        Text(item.what, "quote"),
        Text(words("effect.ask"), "question"),
        Actions(choices, "choices"),
        Text(words("effect.ask_named"), "quiet"),
        Actions((to_action(reader, item),)),
    )
    title = words("effect.title")
    return Message(f"{title} {item.what}", parts, title=title)


def talk(reader: Reader, item: ActionItem) -> Message:
    """Return the invitation to a team too small to be asked without names."""
    words = reader.words
    parts: tuple[Part, ...] = (
        Text(item.what, "quote"),
        Text(words("effect.talk")),
        Text(words.instrument("effect").questions["works"].talk, "quote"),
        Actions((to_action(reader, item),)),
    )
    title = words("effect.title")
    return Message(f"{title} {item.what}", parts, title=title)


def result(reader: Reader, item: ActionItem, kept: Kept | None) -> Message:
    """Return what the team is told of its own answers."""
    words = reader.words
    parts: list[Part] = [Text(item.what, "quote"), Text(team_says(reader, kept), "question")]
    parts += [Text(line) for line in beside(reader, kept)]
    if kept is None:
        parts.append(Text(words("effect.few_talk")))
    parts.append(Actions((to_action(reader, item),)))
    title = words("effect.title")
    return Message(f"{item.what}: {team_says(reader, kept)}", tuple(parts), title=title)


def team_says(reader: Reader, kept: Kept | None) -> str:
    """Say what the team's answers show, in a word and with the label it comes from."""
    words = reader.words
    label = kept.figure.questions[0].label if kept else None
    effect = effect_of(label)
    if label is None or effect is None:
        return words("effect.few")
    word = words(f"effect_word.{effect.value}")
    return words("effect.team_says", effect=word, score=score(words, label))


def beside(reader: Reader, kept: Kept | None) -> tuple[str, ...]:
    """Say how many answered, and whether more than a few did not know."""
    words = reader.words
    if kept is None or kept.figure.questions[0].label is None:
        return ()
    figure = kept.figure
    lines = [words("result.answered", answered=figure.answered, invited=figure.invited)]
    unsure = figure.questions[0].dont_know
    if unsure not in (None, Band.FEW):
        share = words(f"result.band.{unsure.value}")
        lines.append(words("effect.dont_know", share=share))
    return tuple(lines)


def decide(tx: Tx, env: Env, reader: Reader, item: ActionItem) -> Message:
    """Return the card on which the lead decides: what both say, before and after, a proposal."""
    words = reader.words
    if not can_be_judged(item):
        return outcome(reader, item)
    parts: list[Part] = [Text(item.what, "quote"), _what_is_known(tx, env, reader, item)]
    moved = effect_before.moved(tx, env, item)
    if moved is not None:
        parts.append(Text(before_and_after(reader, moved)))
    wanted = proposed(item)
    kind = wanted[0].value if wanted else "talk"
    parts += [Text(words(f"effect.propose.{kind}"), "question"), _choices(reader, item, wanted)]
    parts.append(Actions((to_action(reader, item),)))
    title = words("effect.decide_title")
    return Message(f"{title} {item.what}", tuple(parts), title=title)


def _what_is_known(tx: Tx, env: Env, reader: Reader, item: ActionItem) -> Fields:
    words, now = reader.words, env.clock.now()
    person = people.get(tx, item.responsible)
    said = f"effect_word.{item.said.value}" if item.said else "effect.not_said"
    one = round_of(tx, item)
    if one is None:
        team = words("effect.not_asked")
    elif now < one.publish_at:
        team = words("effect.asked_until", closes=local(one.closes_at, reader.zone))
    else:
        kept = figure_now(tx, item, now)
        team = " ".join((team_says(reader, kept), *beside(reader, kept)))
    return Fields(
        (
            (words("effect.responsible", name=person.name if person else "–"), words(said)),
            (words("effect.team"), team),
        )
    )


def before_and_after(reader: Reader, moved: effect_before.Moved) -> str:
    """Say the topic's label before the action and the newest one since."""
    words = reader.words
    short = words.instrument(moved.instrument).questions[moved.question].short
    return words(
        f"effect.moved.{moved.trend.value}",
        what=short,
        before=score(words, moved.before),
        after=score(words, moved.after),
    )


def _choices(reader: Reader, item: ActionItem, wanted: tuple[Verdict, ...]) -> Actions:
    words, context = reader.words, f"{item.id}:{item.turn}"
    first = wanted[0] if wanted else None

    def button(action: str, verdict: Verdict, *, form: bool) -> Button:
        value = "" if form else verdict.value
        style = "primary" if verdict is first else "plain"
        label = words(f"verdict.{verdict.value}")
        sure = "" if form else words("effect.sure")
        return Button(action, label, context, value, style, opens_form=form, confirm=sure)  # type: ignore[arg-type]

    return Actions(
        (
            button("effect.keep", Verdict.SCALE, form=False),
            button("effect.keep", Verdict.KEEP, form=False),
            button("effect.adjust", Verdict.ADJUST, form=True),
            button("effect.stop", Verdict.DROP, form=True),
        )
    )


def outcome(reader: Reader, item: ActionItem, *, lead: bool = False) -> Message:
    """Return what was decided; its ``lead`` may show it to other teams where it worked."""
    words = reader.words
    parts: list[Part] = [Text(item.what, "quote")]
    if item.verdict is not None:
        parts.append(Text(words(f"effect.outcome.{item.verdict.value}")))
    if item.learnt:
        parts.append(Text(words("effect.learnt", text=item.learnt)))
    buttons: list[Button | Link] = [to_action(reader, item)]
    if lead and can_be_shared(item):
        parts.append(Text(words("shared.is" if item.shared else "shared.offer"), "quiet"))
        buttons.insert(0, share_button(reader, item))
    parts.append(Actions(tuple(buttons)))
    title = words("effect.outcome_title")
    return Message(f"{title} {item.what}", tuple(parts), title=title)


def share_button(reader: Reader, item: ActionItem) -> Button:
    """Return the lead's button that shows an action to other teams, or takes it back."""
    label = reader.words("shared.button.stop" if item.shared else "shared.button.share")
    return Button("effect.share", label, item.id, "no" if item.shared else "yes")


def to_action(reader: Reader, item: ActionItem) -> Link:
    """Return the way to the action's own page."""
    return Link(reader.words("effect.button.action"), f"action/{item.id}")


def detail(reader: Reader, found: results.Result, item: ActionItem | None) -> tuple[Message, ...]:
    """Return the page of a figure about an action."""
    if item is None:
        return ()
    return (result(reader, item, found.kept),)
