"""The database: tables, queries, migrations. SQLAlchemy goes no further than this folder.

- ``tables``   what is stored, as SQLAlchemy Core knows it.
- ``store``    the door: ``await store.write(fn)``, ``await store.read(fn)``.
- ``tx``       what such an ``fn`` gets to work with.
- ``writer``   the one thread that writes, and commits what has queued up as a group.
- ``checkpointer``  the thread that empties the write-ahead log, so that no write waits for it.
- ``engine``   everything that is true of SQLite only: pragmas, locks, files, error codes.
- ``migrate``  brings a database to the schema of the code, or refuses.
- ``backup``   copies a database while it is in use, and puts a copy back in place.
- ``trouble``  what can go wrong, as codes an operator can look up.

Rows stay inside; domain types leave. No decision about rounds, people or privacy is taken here.
"""
