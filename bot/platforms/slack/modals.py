"""Forms as modals, what was sent of them, and where their errors stand."""

from collections.abc import Callable, Mapping
from itertools import chain

from bot.cards import Actions, Button, Form, SelectInput
from bot.platforms.slack import inputs, limits, rich
from bot.platforms.slack.buttons import Buttons, section
from bot.platforms.slack.escape import Block, clean, plain, shorten
from bot.platforms.slack.folding import unfolds
from bot.platforms.slack.frames import above, fits, frame, full_title
from bot.platforms.slack.inputs import Drawing
from bot.platforms.slack.metadata import carried
from bot.platforms.slack.parts import Parts, heading, text
from bot.platforms.slack.rendering import Rendering

_ERROR = 500
"""Characters of an error under an input."""
_CLOSER = (Drawing(), Drawing(listed=limits.FEW_OPTIONS), Drawing(limits.FEW_OPTIONS, said=200))
"""How closely a form is drawn, the first that a view holds: long lists are searched instead, long
statements are shortened."""


def modal(form: Form, *, context: Rendering, conversation: str = "", folded: bool = False) -> Block:
    """Return a form as a modal; its ``callback_id`` is the form's id.

    ``folded``: what has good defaults stands behind a button, where one can carry that.

    Raises ``ValueError`` for more inputs than a view holds, or a context too long.
    """
    words = context.words
    rest = unfolds(form) if folded else None

    def drawn(how: Drawing) -> list[Block]:
        fields = [block for one in form.inputs for block in inputs.block(one, words, how)]
        if rest is not None:
            button = Buttons(context).beside(rest, words("slack.unfold"))
            fields.append({**section(form.more_label), "accessory": button})
        elif form.more:
            fields += [{"type": "divider"}, *rich.bold(form.more_label)]
            fields += [block for one in form.more for block in inputs.block(one, words, how)]
        return fields

    return assembled(form, drawn, context, conversation, form.foot)


def assembled(
    form: Form,
    drawn: Callable[[Drawing], list[Block]],
    context: Rendering,
    conversation: str,
    foot: tuple[Button, ...],
) -> Block:
    """Return a form's modal with the inputs that ``drawn`` gives, as closely as a view needs it.

    Raises ``ValueError`` where no view holds them.
    """
    below = chain.from_iterable(Parts(context, in_message=False).part(Actions(foot)))
    feet = list(below) if foot else []
    fields = next((all_ for how in _CLOSER if fits(all_ := [*drawn(how), *feet])), None)
    if fields is None:
        raise ValueError(f"{form.id}: more than a view holds")
    intro = [*full_title(form.title), *chain.from_iterable(map(text, form.intro))]
    if not intro and not fields:
        intro = heading(form.title)  # a view with nothing in it is refused
    return {
        **frame(form.title, [*above(intro, fields), *fields], context.words),
        "callback_id": form.id,
        "submit": plain(form.submit, limits.MODAL_TITLE),
        "private_metadata": carried(form.context, conversation),
    }


def errors(form: Form, found: Mapping[str, str]) -> dict[str, str]:
    """Return errors as Slack wants them, by block; what belongs to no input stands at the first.

    Raises ``ValueError`` when the form has no input to show them at.
    """
    fields = (*form.inputs, *form.more)
    names = [one.name for one in fields if not (isinstance(one, SelectInput) and not one.options)]
    if not names:
        raise ValueError(f"{form.id}: no input to show an error at")
    told: dict[str, str] = {}
    for name, error in found.items():
        at = inputs.block_id(name if name in names else names[0])
        told[at] = f"{told[at]} {clean(error)}" if at in told else clean(error)
    return {at: shorten(error, _ERROR) for at, error in told.items()}
