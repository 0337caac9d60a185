"""What one person sees at Slack's client: messages, modals, his home."""

from double import payloads
from double.api import views
from double.app import Installation
from double.reading import SEARCHES, Element, blank_state, elements, state_key, words
from double.shapes import ImpossibleError, Json
from double.state import State
from double.world import Channel, Message, User, View

Surface = Message | View


class Screen:
    """One person's client. ``trouble`` says what it told him when the app did not answer."""

    def __init__(self, state: State, user: User) -> None:
        self._state = state
        self.user = user
        self.trouble = ""
        self.errors: dict[str, str] = {}
        """Under which block which error stands, since the last submission."""
        self._offered: dict[tuple[str, str], list[Json]] = {}

    @property
    def id(self) -> str:
        """The person's id."""
        return self.user.id

    @property
    def modals(self) -> list[View]:
        """The open modals, the top one last."""
        return [self._state.views[one] for one in self._state.stacks.get(self.id, [])]

    @property
    def modal(self) -> View:
        """The modal on top."""
        if not self.modals:
            raise ImpossibleError(f"{self.user.name} has no modal open")
        return self.modals[-1]

    @property
    def home(self) -> View | None:
        """His home with the app, once it has been published."""
        found = self._state.homes.get((self.user.team, self.id))
        return self._state.views[found] if found else None

    @property
    def dm(self) -> Channel:
        """His direct conversation with the app."""
        installation = self.installation()
        return self._state.direct(self.user, installation)

    def sees(self, channel: Channel | None = None) -> list[Message]:
        """Return the messages he can read in ``channel``, or everywhere, the oldest first."""
        rooms = [channel] if channel else list(self._state.rooms_of(self.id))
        found = [
            one
            for room in rooms
            if self.id in room.members or room.kind == "public"
            for one in room.messages
            if not one.deleted and one.only_for in ("", self.id)
        ]
        return sorted(found, key=lambda one: tuple(map(int, one.ts.split("."))))

    def newest(self, channel: Channel | None = None) -> Message:
        """Return the last message he can read."""
        found = self.sees(channel)
        if not found:
            raise ImpossibleError(f"{self.user.name} sees no message")
        return found[-1]

    def reads(self, surface: Surface | None = None) -> str:
        """Return what stands on a message, a modal or the home; on what lies on top if unnamed."""
        shown = surface or (self.modal if self.modals else self.newest())
        if isinstance(shown, View):
            return words(shown.payload)
        return words(shown.blocks) or shown.text

    def link(self, name: str, on: Surface | None = None) -> str:
        """Return where a button that is a link leads."""
        _, element = self.find(name, on, ("button",))
        if not element.body.get("url"):
            raise ImpossibleError(f"{name!r} leads nowhere")
        return str(element.body["url"])

    # --- How it hangs together ----------------------------------------------------------------

    def installation(self) -> Installation:
        """Return the installation that hears what this person does."""
        rooms = self._state.rooms_of(self.id)
        for team in (self.user.team, *(one.team for one in rooms)):
            found = self._state.installation_for(team)
            if found is not None:
                return found
        raise ImpossibleError(f"the app is not installed where {self.user.name} is")

    def shown(self, view: View) -> Json:
        """Return a view as it goes out with an interaction."""
        return payloads.view_of(view, views.shown(self._state, view))

    def find(
        self, name: str, on: Surface | None, kinds: tuple[str, ...] = ()
    ) -> tuple[Surface, Element]:
        """Return what goes by ``name``, and where it stands.

        A modal hides what lies under it; otherwise the newest message comes first, home last.
        """
        surfaces: list[Surface] = [on] if on else list(self.modals[-1:])
        if not surfaces:
            surfaces = [*reversed(self.sees()), *([self.home] if self.home else [])]
        for surface in surfaces:
            blocks = surface.payload["blocks"] if isinstance(surface, View) else surface.blocks
            for one in elements(blocks):
                if one.named(name) and (not kinds or one.kind in kinds):
                    return surface, one
        raise ImpossibleError(f"{self.user.name} sees nothing called {name!r}")

    def found(self, view: Surface, element: Element) -> list[Json]:
        """Return what can be chosen in a search: what it brought up last, and what is chosen."""
        if element.kind not in SEARCHES or not isinstance(view, View):
            return []
        block = str(element.block["block_id"])
        key = state_key(element.kind)
        held = view.state.get(block, {}).get(str(element.body.get("action_id")), {}).get(key) or []
        chosen = [held] if isinstance(held, dict) else held if isinstance(held, list) else []
        return [*self._offered.get((view.id, block), ()), *chosen]

    def held(self, surface: Surface) -> dict[str, dict[str, Json]]:
        """Return what stands filled in on a surface."""
        if isinstance(surface, View):
            return surface.state
        fresh = blank_state(surface.blocks)
        return self._state.filled.setdefault((self.id, surface.ts), fresh)

    def hold(self, surface: Surface, element: Element, value: Json) -> None:
        """Keep what he has filled in."""
        held = self.held(surface).setdefault(element.block["block_id"], {})
        held[element.body["action_id"]] = value
