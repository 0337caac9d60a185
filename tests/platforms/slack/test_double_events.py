"""Events over HTTP: what Slack tells of people, channels and the home."""

import pytest
from double import App, Channel, ImpossibleError, Person, SlackDouble
from slack_listener import Listener
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.clock import MovableClock


async def test_coming_and_going_is_told_where_the_bot_is(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    bo, quiet = slack.person("bo"), slack.channel("quiet", bot=False)
    await bo.joins(quiet)
    await bo.joins(care)
    await bo.leaves(care)
    await anna.removes_bot(care)
    await anna.invites_bot(care)
    told = [(one["event"]["type"], one["event"].get("user")) for one in app.heard]  # type: ignore[index, union-attr]
    bot = slack.installation().bot_user
    assert told == [
        ("member_joined_channel", bo.id),
        ("member_left_channel", bo.id),
        ("channel_left", None),  # who went is the app itself
        ("member_joined_channel", bot),
    ]
    with pytest.raises(ImpossibleError):
        await anna.joins(care)


async def test_what_happens_to_a_channel_is_told(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    secret = slack.channel("secret", anna, private=True)
    await slack.admin.rename(care, "omsorg")
    await slack.admin.archive(care, by=anna)
    await slack.admin.unarchive(care, by=anna)
    await slack.admin.archive(secret, by=anna)
    south = slack.workspace("Sydøst")
    await slack.admin.share(care, south)
    await slack.admin.unshare(care, south)
    await slack.admin.share(care, south)
    slack.admin.make_private(care)
    told = [one["event"]["type"] for one in app.heard]  # type: ignore[index]
    assert told == [
        "channel_rename",
        "channel_archive",
        "channel_unarchive",
        "group_archive",
        "channel_shared",
        "channel_unshared",
        "channel_shared",
    ]
    assert [one["is_ext_shared_channel"] for one in app.heard][-1] is True


async def test_people_change_and_leave(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    await slack.admin.admit(anna)
    await anna.changes(locale="en-GB")
    await slack.admin.deactivate(anna)
    users = [one["event"]["user"] for one in app.heard]  # type: ignore[index]
    assert [one["deleted"] for one in users] == [False, False, True]
    assert users[1]["locale"] == "en-GB"
    assert anna.id not in care.members


async def test_what_is_said_is_heard_where_the_scopes_allow(
    slack: SlackDouble, app: Listener, anna: Person, care: Channel
) -> None:
    bot = slack.installation().bot_user
    await anna.says("hej", care)
    await anna.says("hej", slack.channel("quiet", anna, bot=False))
    await anna.says(f"<@{bot}> hjælp", care)
    await anna.says("kun til dig")
    told = [(one["event"]["type"], one["event"].get("channel_type")) for one in app.heard]  # type: ignore[index,attr-defined]
    assert told == [
        ("message", "channel"),
        ("message", "channel"),
        ("app_mention", None),
        ("message", "im"),
    ]
    app.heard.clear()
    slack.installation().scopes.discard("im:history")
    await anna.says("hører du mig")
    assert app.heard == []


async def test_an_event_nobody_subscribed_to_is_not_sent(clock: MovableClock) -> None:
    async with SlackDouble(clock, app=App(events=frozenset())) as slack:
        listener = Listener(slack.app.signing_secret)
        slack.speaks_http(listener.asgi)
        assert await slack.person("anna").opens_home() is None
        assert listener.heard == []


async def test_opening_the_home_is_told_with_what_stands_there(
    app: Listener, client: AsyncWebClient, anna: Person
) -> None:
    await anna.opens_home()
    await client.views_publish(
        user_id=anna.id, view={"type": "home", "blocks": [{"type": "divider"}]}
    )
    await anna.opens_home()
    await anna.opens_messages()
    first, second, third = [one["event"] for one in app.heard]
    assert "view" not in first  # type: ignore[operator]
    assert second["view"]["type"] == "home"  # type: ignore[index]
    assert third["tab"] == "messages"  # type: ignore[index]
    assert "view" not in third  # type: ignore[operator]


async def test_an_organisations_events_name_workspace_and_organisation(
    slack: SlackDouble, app: Listener
) -> None:
    nordic = slack.enterprise("Norden")
    north = slack.workspace("Nord", nordic)
    slack.admin.install_in(nordic, north)
    eva = slack.person("eva", north)
    await eva.joins(slack.channel("fælles", team=north))
    await eva.command("/trivsel")
    event, command = app.heard
    assert (event["team_id"], event["enterprise_id"]) == (north.id, nordic.id)
    assert event["authorizations"][0]["is_enterprise_install"] is True  # type: ignore[index]
    assert (command["is_enterprise_install"], command["enterprise_id"]) == ("true", nordic.id)
