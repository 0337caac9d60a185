"""An instrument's questions as somebody in Slack will be asked them; nothing is stored or sent."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.content.model import Instrument, Pack
from bot.domain.chance import SystemChance
from bot.domain.clock import Clock
from bot.domain.languages import Language
from bot.domain.people import NodeRules
from bot.flows.env import Env, Reader
from bot.flows.rounds import sheet
from bot.flows.rounds.answering import View
from bot.flows.rounds.cards import question
from bot.flows.rounds.engine import Path as Steps
from bot.platforms.slack import views
from bot.platforms.slack.escape import Block
from bot.platforms.slack.rendering import Rendering
from bot.privacy.ballots import Ballot
from bot.privacy.keys import KeyStore

_NOWHERE = "https://trivselsbot.example/"
_NEVER = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


class UnknownQuestion(KeyError):  # noqa: N818 - named for what was asked for
    """The instrument has no question with this id."""


def asked(
    pack: Pack, instrument_id: str, language: Language, only: Sequence[str] = ()
) -> tuple[Block, ...]:
    """Return the views of some questions; without ``only`` of those a person is asked at once.

    A short round stands on one view, with its box for a comment; others a question each.
    Raises ``KeyError`` for an unknown instrument, ``UnknownQuestion`` for an unknown question.
    """
    instrument = pack.instruments[instrument_id]
    known = [one.id for one in instrument.questions]
    if wrong := [one for one in only if one not in known]:
        raise UnknownQuestion(wrong[0])
    steps = tuple(only) or _at_once(instrument)
    context = Rendering(pack.words(language), lambda path: f"{_NOWHERE}{path}")
    env, reader = _nobody(pack), Reader(context.words, "Europe/Copenhagen")
    view = _view(instrument, reader, Steps(steps, comment=instrument.comment and not only))
    if sheet.fits(pack, view):
        return (views.modal(sheet.form(env, reader, view), context=context),)
    cards = (question(env, reader, replace(view, show=step)) for step in steps)
    return tuple(views.questions((card,), context=context) for card in cards)


def _at_once(instrument: Instrument) -> tuple[str, ...]:
    """Return the questions of one round: all, or the anchor and as many others as are drawn."""
    if instrument.order == "fixed":
        return tuple(one.id for one in instrument.questions)
    first = sorted(instrument.questions, key=lambda one: not one.anchor)
    return tuple(one.id for one in first[: instrument.ask[1]])


def _nobody(pack: Pack) -> Env:
    return Env(
        pack=pack,
        keys=KeyStore(Path("no-key-is-read")),
        clock=Clock(),
        chance=SystemChance(),
        defaults=NodeRules(),
        organisation="",
    )


def _view(instrument: Instrument, reader: Reader, path: Steps) -> View:
    return View(
        round="",
        instrument=instrument.id,
        path=path,
        ballot=Ballot.empty(),
        show=None,
        zone=reader.zone,
        closes_at=_NEVER,
        publish_at=_NEVER,
    )
