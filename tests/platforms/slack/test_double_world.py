"""Workspaces, channels and people, as the Web API shows them."""

import pytest
from double import SlackDouble
from slack_listener import refusal
from slack_sdk.web.async_client import AsyncWebClient


async def test_a_person_is_described_with_locale_only_when_asked(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    anna = slack.person("anna", locale="sv-SE", tz="Europe/Stockholm")
    plain = (await client.users_info(user=anna.id))["user"]
    assert "locale" not in plain
    assert plain["tz"] == "Europe/Stockholm"
    assert (await client.users_info(user=anna.id, include_locale=True))["user"]["locale"] == "sv-SE"


async def test_an_address_is_shown_only_with_the_scope(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    anna = slack.person("anna")
    assert "email" in (await client.users_info(user=anna.id))["user"]["profile"]
    slack.installation().scopes.discard("users:read.email")
    assert "email" not in (await client.users_info(user=anna.id))["user"]["profile"]


@pytest.mark.parametrize(
    ("role", "flags"),
    [
        ("member", {"is_bot": False, "is_restricted": False}),
        ("guest", {"is_restricted": True, "is_ultra_restricted": False}),
        ("single_channel_guest", {"is_restricted": True, "is_ultra_restricted": True}),
        ("bot", {"is_bot": True}),
        ("admin", {"is_admin": True}),
        ("stranger", {"is_stranger": True}),
    ],
)
async def test_guests_bots_and_strangers_are_told_apart(
    slack: SlackDouble, client: AsyncWebClient, role: str, flags: dict[str, bool]
) -> None:
    someone = slack.person("someone", role=role)
    said = (await client.users_info(user=someone.id))["user"]
    assert {key: said[key] for key in flags} == flags


async def test_a_deactivated_person_is_known_but_cannot_be_met(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    gone = slack.person("gone", deleted=True)
    assert (await client.users_info(user=gone.id))["user"]["deleted"] is True
    assert await refusal(client, "conversations.open", users=gone.id) == "user_disabled"
    assert await refusal(client, "users.lookupByEmail", email=gone.user.email) == "users_not_found"


async def test_some_people_are_not_to_be_seen(slack: SlackDouble, client: AsyncWebClient) -> None:
    hidden = slack.person("hidden", invisible=True)
    abroad = slack.person("abroad", slack.workspace("Sydøst"))
    assert await refusal(client, "users.info", user=hidden.id) == "user_not_visible"
    assert await refusal(client, "users.info", user=abroad.id) == "user_not_found"
    assert await refusal(client, "users.info", user="U404") == "user_not_found"


async def test_a_stranger_is_known_from_a_shared_channel(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    abroad = slack.workspace("Sydøst")
    eva = slack.person("eva", abroad, role="stranger")
    room = slack.channel("together", eva)
    room.shared_with.append(abroad.id)
    said = (await client.users_info(user=eva.id))["user"]
    assert said["team_id"] == abroad.id
    assert (await client.conversations_info(channel=room.id))["channel"]["is_ext_shared"] is True
    assert await refusal(client, "conversations.open", users=eva.id) == "user_not_visible"


async def test_everybody_is_listed_page_by_page(slack: SlackDouble, client: AsyncWebClient) -> None:
    for name in ("anna", "bo", "carla"):
        slack.person(name)
    found, cursor = [], None
    for _ in range(4):
        part = await client.users_list(limit=1, cursor=cursor)
        found += [one["name"] for one in part["members"]]
        cursor = part["response_metadata"]["next_cursor"]
    assert found == ["trivselsbot", "anna", "bo", "carla"]
    assert cursor == ""


async def test_an_address_finds_its_person(slack: SlackDouble, client: AsyncWebClient) -> None:
    anna = slack.person("anna")
    found = await client.users_lookupByEmail(email=anna.user.email.upper())
    assert found["user"]["id"] == anna.id


async def test_a_channel_is_described_as_it_is_now(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    room = slack.channel("care", slack.person("anna"), private=True)
    slack.speaks_socket_mode()
    said = await client.conversations_info(channel=room.id, include_num_members=True)
    assert (said["channel"]["is_private"], said["channel"]["num_members"]) == (True, 2)
    slack.admin.make_public(room)
    await slack.admin.archive(room, by=slack.person("anna"))
    said = await client.conversations_info(channel=room.id)
    assert (said["channel"]["is_private"], said["channel"]["is_archived"]) == (False, True)


async def test_each_kind_of_channel_needs_its_own_scope(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    room = slack.channel("care", slack.person("anna"), private=True)
    slack.installation().scopes.discard("groups:read")
    assert await refusal(client, "conversations.info", channel=room.id) == "missing_scope"
    assert await refusal(client, "conversations.members", channel=room.id) == "missing_scope"
    assert await refusal(client, "conversations.list", types="private_channel") == "missing_scope"


async def test_members_and_channels_are_listed(slack: SlackDouble, client: AsyncWebClient) -> None:
    anna = slack.person("anna")
    room, other = slack.channel("care", anna), slack.channel("other", bot=False)
    other.archived = True
    members = (await client.conversations_members(channel=room.id))["members"]
    assert members == [anna.id, slack.installation().bot_user]

    async def names(**args: bool) -> list[str]:
        return [one["name"] for one in (await client.conversations_list(**args))["channels"]]  # type: ignore[arg-type]

    assert await names() == ["care", "other"]
    assert await names(exclude_archived=True) == ["care"]
    mine = await client.users_conversations(types="public_channel")
    assert [one["name"] for one in mine["channels"]] == ["care"]


async def test_history_is_for_members(slack: SlackDouble, client: AsyncWebClient) -> None:
    outside = slack.channel("outside", slack.person("anna"), bot=False)
    assert await refusal(client, "conversations.history", channel=outside.id) == "not_in_channel"


async def test_wrong_lists_are_violations(slack: SlackDouble, client: AsyncWebClient) -> None:
    assert await refusal(client, "conversations.list", types="secret_channel") == "invalid_types"
    assert await refusal(client, "conversations.open", return_im=True) == "users_list_not_supplied"
    slack.forgive("invalid_types")
    slack.forgive("users_list_not_supplied")


async def test_several_people_get_a_room_together(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    pair = f"{slack.person('anna').id},{slack.person('bo').id}"
    opened = await client.conversations_open(users=pair)
    assert opened["channel"]["id"].startswith("G")
    slack.installation().scopes.discard("mpim:write")
    assert await refusal(client, "conversations.open", users=pair) == "missing_scope"


async def test_groups_workspace_and_bot_are_described(
    slack: SlackDouble, client: AsyncWebClient
) -> None:
    anna = slack.person("anna")
    group = slack.group("amo", anna)
    listed = await client.usergroups_list(include_users=True, include_count=True)
    assert (listed["usergroups"][0]["users"], listed["usergroups"][0]["user_count"]) == (
        [anna.id],
        1,
    )
    assert (await client.usergroups_users_list(usergroup=group.id))["users"] == [anna.id]
    assert await refusal(client, "usergroups.users.list", usergroup="S404") == "no_such_subteam"
    assert (await client.team_info())["team"]["name"] == "Nordvest"
    assert await refusal(client, "team.info", team="T404") == "team_not_found"
    test = await client.auth_test()
    assert (await client.bots_info(bot=test["bot_id"]))["bot"]["user_id"] == test["user_id"]
    assert await refusal(client, "bots.info", bot="B404") == "bot_not_found"
