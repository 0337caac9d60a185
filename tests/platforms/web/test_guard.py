"""What gets in and what every answer carries: host, origin, size, method, headers, cookies."""

from collections.abc import AsyncIterator

import pytest
from web_chat import SAME_ORIGIN, SCRIPT, Chat, chat_of

from bot.platforms.web.guard import BODY_LIMIT
from bot.platforms.web.session import LONGEST

NOTE = {"action": "note", "event": "e", "conversation": "dm", "back": "/"}


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8710", "127.0.0.1.evil.example", "", "[::2]", "[::1].x"]
)
async def test_a_strange_host_is_refused_before_anything_is_read(chat: Chat, host: str) -> None:
    answer = await chat.browser.get("/c/dm", headers={"host": host})

    assert answer.status_code == 421
    assert "web.fault.host" in answer.text
    assert "Anna" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8710", "localhost", "[::1]:80", "LOCALHOST:1"])
async def test_this_machines_names_are_known(chat: Chat, host: str) -> None:
    assert (await chat.browser.get("/c/dm", headers={"host": host})).status_code == 200


async def test_a_host_from_the_settings_is_known() -> None:
    chat = chat_of(hosts=("bot.example.org",))

    answer = await chat.browser.get("/sign-in", headers={"host": "bot.example.org"})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:9999"},
        {"origin": "null"},
        {"origin": "http://[", "sec-fetch-site": "same-origin"},
        {"origin": "https://evil.example", "sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {},
    ],
)
async def test_a_form_from_elsewhere_is_refused(chat: Chat, headers: dict[str, str]) -> None:
    for name in SAME_ORIGIN:
        del chat.browser.headers[name]
    answer = await chat.browser.post("/act", data=NOTE, headers=headers)

    assert answer.status_code == 403
    assert chat.front.inbound == []


@pytest.mark.parametrize("kept", list(SAME_ORIGIN))
async def test_one_header_is_enough_to_know_a_form_of_this_site(chat: Chat, kept: str) -> None:
    for name in SAME_ORIGIN.keys() - {kept}:
        del chat.browser.headers[name]

    assert (await chat.browser.post("/act", data=NOTE)).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
async def test_other_methods_are_refused(chat: Chat, method: str) -> None:
    assert (await chat.browser.request(method, "/c/dm")).status_code == 405


async def test_acting_by_reading_is_refused(chat: Chat) -> None:
    for path in ("/act", "/submit", "/say", "/sign-out"):
        assert (await chat.browser.get(path)).status_code == 404
    assert chat.front.inbound == []


async def test_a_body_over_the_limit_is_refused_kindly(chat: Chat) -> None:
    answer = await chat.submit("ask.comment", {"t.comment": "x" * BODY_LIMIT})

    assert answer.status_code == 413
    assert answer.json()["text"] == "web.fault.large. web.fault.large_text"
    assert chat.front.inbound == []


async def test_a_body_that_hides_its_length_is_refused_too(chat: Chat) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b"x" * 8192

    headers = SCRIPT | {"content-type": "application/x-www-form-urlencoded"}
    answer = await chat.browser.post("/act", content=endless(), headers=headers)

    assert answer.status_code == 413


async def test_the_longest_allowed_body_gets_through(chat: Chat) -> None:
    answer = await chat.submit("ask.comment", {"t.comment": "x" * (BODY_LIMIT - 200)})

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/c/dm", "/sign-in", "/nowhere", "/boom", "/chart/x.png"])
async def test_every_answer_carries_the_security_headers(chat: Chat, path: str) -> None:
    headers = (await chat.browser.get(path)).headers

    assert headers["content-security-policy"] == (
        "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    )
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-frame-options"] == "DENY"


async def test_no_page_holds_a_style_or_a_script_of_its_own(chat: Chat) -> None:
    for path in ("/c/dm", "/c/team", "/me", "/sign-in", "/nowhere"):
        page = (await chat.browser.get(path)).text
        assert " style=" not in page
        assert "<style" not in page
        assert page.count("<script") == 1
        assert " onclick" not in page
        assert "http://" not in page.replace("http://www.w3.org", "")
        assert "https://" not in page


# --- Signing in -----------------------------------------------------------------------------------


async def test_nobody_reads_anything_without_signing_in(stranger: Chat) -> None:
    answer = await stranger.browser.get("/c/team")

    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/c/team")
    script = await stranger.browser.post("/act", data=NOTE, headers=SCRIPT)
    assert (script.status_code, script.json()["text"]) == (401, "web.signed_out")
    assert stranger.front.inbound == []


async def test_people_are_listed_by_team_and_signing_in_leads_on(stranger: Chat) -> None:
    page = (await stranger.browser.get("/sign-in", params={"next": "/c/team"})).text
    order = ["Afsnit B12", "Anna Aaby", "Bo Bech", "Ambulatoriet", "Cia Çelik"]
    places = [page.index(f">{text}<") for text in order]
    assert places == sorted(places)
    assert 'name="next" value="/c/team"' in page

    answer = await stranger.sign_in(to="/c/team")
    assert (answer.status_code, answer.headers["location"]) == (303, "/c/team")
    assert (await stranger.browser.get("/c/team")).status_code == 200


async def test_the_cookie_is_out_of_reach_and_holds_a_person_and_a_time_only(
    stranger: Chat,
) -> None:
    cookie = (await stranger.sign_in()).headers["set-cookie"]

    parts = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"httponly", "samesite=strict", "path=/", f"max-age={LONGEST}"} <= parts
    assert "secure" not in parts
    assert len(cookie.partition(";")[0]) < 120


async def test_over_https_the_cookie_stays_there(stranger: Chat) -> None:
    stranger.browser.base_url = "https://127.0.0.1:8710"
    stranger.browser.headers["origin"] = "https://127.0.0.1:8710"

    assert "Secure" in (await stranger.sign_in()).headers["set-cookie"]


async def test_a_session_ends_after_twelve_hours(chat: Chat) -> None:
    chat.seconds[0] += LONGEST - 1
    assert (await chat.browser.get("/c/dm")).status_code == 200
    chat.seconds[0] += 1
    assert (await chat.browser.get("/c/dm")).status_code == 303


async def test_a_changed_cookie_is_nobodys(chat: Chat) -> None:
    value = chat.browser.cookies["trivselsbot"]
    chat.browser.cookies.clear()
    chat.browser.cookies.set("trivselsbot", "x" + value, domain="127.0.0.1")

    assert (await chat.browser.get("/c/dm")).status_code == 303


async def test_signing_out_ends_it(chat: Chat) -> None:
    answer = await chat.browser.post("/sign-out")

    assert answer.headers["location"] == "/sign-in"
    assert (await chat.browser.get("/c/dm")).status_code == 303


async def test_somebody_no_longer_active_is_signed_out(chat: Chat) -> None:
    del chat.front.people["p-anna"]

    answer = await chat.browser.get("/c/dm")
    assert answer.status_code == 303
    assert "trivselsbot" not in chat.browser.cookies


async def test_one_can_only_sign_in_as_somebody_on_the_list(stranger: Chat) -> None:
    assert (await stranger.sign_in("p-nobody")).status_code == 404


async def test_the_sign_in_page_speaks_the_browsers_language(stranger: Chat) -> None:
    asked = {"accept-language": "fi, sv-SE;q=0.9"}
    assert '<html lang="da">' in (await stranger.browser.get("/sign-in")).text
    page = (await stranger.browser.get("/sign-in", headers=asked)).text
    assert '<html lang="sv">' in page


# --- Behind a sign-in proxy -----------------------------------------------------------------------

SECRET = "a secret of twenty characters"
PROXY = {"x-forwarded-email": "anna@example.org", "x-trivselsbot-secret": SECRET}


async def test_a_proxy_that_knows_the_secret_signs_people_in_with_every_request() -> None:
    chat = chat_of(sign_in="header", sign_in_secret=SECRET)

    assert "Anna Aaby" in (await chat.browser.get("/c/dm", headers=PROXY)).text
    answer = await chat.browser.get("/c/dm")
    assert answer.status_code == 401
    assert "web.proxy.text" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-forwarded-email": "anna@example.org"},
        PROXY | {"x-trivselsbot-secret": ""},
        PROXY | {"x-trivselsbot-secret": "a guess"},
        PROXY | {"x-trivselsbot-secret": SECRET + "ø"},
    ],
)
async def test_without_the_secret_an_e_mail_address_opens_nothing(headers: dict[str, str]) -> None:
    chat = chat_of(sign_in="header", sign_in_secret=SECRET)
    coded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = await chat.browser.get("/c/dm", headers=coded)

    assert answer.status_code == 401
    assert "web.proxy.text" in answer.text


async def test_an_address_nobody_here_has_is_told_whom_to_ask() -> None:
    chat = chat_of(sign_in="header", sign_in_secret=SECRET)
    headers = PROXY | {"x-forwarded-email": "nobody@example.org"}
    answer = await chat.browser.get("/c/dm", headers=headers)

    assert answer.status_code == 401
    assert "web.proxy.unknown" in answer.text


async def test_behind_a_proxy_nobody_chooses_who_he_is() -> None:
    chat = chat_of(sign_in="header", sign_in_secret=SECRET)

    assert (await chat.browser.get("/sign-in", headers=PROXY)).status_code == 404
    answer = await chat.browser.post("/sign-in", data={"person": "p-bo"}, headers=PROXY)
    assert answer.status_code == 404
    assert "Log ud" not in (await chat.browser.get("/c/dm", headers=PROXY)).text
