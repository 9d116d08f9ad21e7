# SPDX-License-Identifier: Apache-2.0
"""Files, profiles, read marks, groups, access tokens and the account, as the SDK asks for them."""

from __future__ import annotations

from io import BytesIO

import pytest
from linebot.v3.messaging import (
    ApiException,
    AsyncApiClient,
    AsyncMessagingApi,
    ChatReference,
    Configuration,
    MarkMessagesAsReadByTokenRequest,
    MarkMessagesAsReadRequest,
)
from linebot.v3.oauth import AsyncApiClient as AsyncOauthClient
from linebot.v3.oauth import AsyncChannelAccessToken
from linebot.v3.oauth import Configuration as OauthConfiguration
from PIL import Image

from sandbox.line.state import Platform
from tests.sandbox.line.conftest import Bot, Client, Control, Phone, Sdk, call


def jpeg(width: int = 600, height: int = 400) -> bytes:
    """A small photograph."""
    out = BytesIO()
    Image.new("RGB", (width, height), "#2288aa").save(out, "JPEG")
    return out.getvalue()


async def send(phone: Phone, kind: str, data: bytes, mime: str) -> str:
    """Send bytes from the phone; the message id."""
    return str((await phone.do(kind, data=data, headers={"Content-Type": mime}))["id"])


async def test_a_picture_is_there_at_once_and_gone_after_unsend(sdk: Sdk, phone: Phone) -> None:
    """The same bytes, a small preview, then 410 for both."""
    data = jpeg()
    message_id = await send(phone, "image", data, "image/jpeg")
    content = await sdk.blob.get_message_content_with_http_info(message_id)
    assert bytes(content.data) == data
    assert content.headers["Content-Type"] == "image/jpeg"
    preview = await sdk.blob.get_message_content_preview(message_id)
    assert max(Image.open(BytesIO(preview)).size) == 240
    await phone.do("unsend", {"messageId": message_id})
    for fetch in (sdk.blob.get_message_content, sdk.blob.get_message_content_preview):
        with pytest.raises(ApiException) as gone:
            await fetch(message_id)
        assert gone.value.status == 410


async def test_audio_is_prepared_for_a_while(
    sdk: Sdk, client: Client, platform: Platform, phone: Phone, control: Control
) -> None:
    """202 and `processing`, then 200 and `succeeded`."""
    await control(body={"transcoding": 10})
    message_id = await send(phone, "audio", b"sound", "audio/x-m4a")
    status, _ = await call(client, platform, "GET", f"/v2/bot/message/{message_id}/content")
    assert status == 202
    assert (await sdk.blob.get_message_content_transcoding_by_message_id(message_id)).status == "processing"
    await control(body={"clock": {"advance": 10}})
    assert (await sdk.blob.get_message_content_transcoding_by_message_id(message_id)).status == "succeeded"
    assert bytes(await sdk.blob.get_message_content(message_id)) == b"sound"


async def test_preparation_can_fail(sdk: Sdk, phone: Phone, control: Control) -> None:
    """`failed`, and no content."""
    message_id = await send(phone, "video", b"film", "video/mp4")
    await control(body={"fail_transcoding": message_id})
    assert (await sdk.blob.get_message_content_transcoding_by_message_id(message_id)).status == "failed"
    with pytest.raises(ApiException) as missing:
        await sdk.blob.get_message_content(message_id)
    assert missing.value.status == 404


async def test_texts_and_unknown_ids_have_no_content(sdk: Sdk, phone: Phone) -> None:
    """404; also transcoding of a picture."""
    for message_id in (await phone.say("สวัสดีค่ะ"), "1"):
        with pytest.raises(ApiException) as missing:
            await sdk.blob.get_message_content(message_id)
        assert missing.value.status == 404
    with pytest.raises(ApiException):
        await sdk.blob.get_message_content_transcoding_by_message_id(await send(phone, "image", jpeg(), "image/jpeg"))


async def test_a_phone_sees_its_own_picture_harmlessly(client: Client, phone: Phone) -> None:
    """What people upload never runs as a page."""
    message_id = await send(phone, "file", b"<script>alert(1)</script>", "text/html")
    async with client.get(f"/line/api/content/{message_id}") as answer:
        assert await answer.read() == b"<script>alert(1)</script>"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_a_profile_needs_a_friend_who_agrees(sdk: Sdk, phone: Phone, platform: Platform) -> None:
    """404 for a stranger, a blocker, somebody who did not agree, and an unknown id."""
    user = platform.users[phone.user]
    profile = await sdk.api.get_profile(user.id)
    assert (profile.display_name, profile.language) == (user.name, "th")
    others = (("friend", False), ("blocked", True), ("consent", False))
    for name, value in others:
        setattr(user, name, value)
        with pytest.raises(ApiException) as missing:
            await sdk.api.get_profile(user.id)
        assert missing.value.status == 404
        setattr(user, name, not value)
    assert (await sdk.api.get_followers()).user_ids == [user.id]
    with pytest.raises(ApiException):
        await sdk.api.get_profile("U" + "0" * 32)


async def test_messages_are_marked_as_read(sdk: Sdk, bot: Bot, phone: Phone) -> None:
    """By the token of the event, or all of a chat; an unknown token is 400."""
    first, second = await phone.say("หนึ่ง"), await phone.say("สอง")
    tokens = {e.events[0]["message"]["id"]: e.events[0]["message"]["markAsReadToken"] for e in await bot.wait(2)}
    await sdk.api.mark_messages_as_read_by_token(MarkMessagesAsReadByTokenRequest(markAsReadToken=tokens[first]))
    assert [entry["id"] for entry in await phone.journal() if entry["kind"] == "read"] == [first]
    await sdk.api.mark_messages_as_read(MarkMessagesAsReadRequest(chat=ChatReference(userId=phone.user)))
    assert [entry["id"] for entry in await phone.journal() if entry["kind"] == "read"] == [first, second]
    with pytest.raises(ApiException) as refused:
        await sdk.api.mark_messages_as_read_by_token(MarkMessagesAsReadByTokenRequest(markAsReadToken="x"))
    assert refused.value.status == 400


async def test_the_bot_knows_itself(sdk: Sdk, platform: Platform) -> None:
    """Its id is the destination of webhooks."""
    info = await sdk.api.get_bot_info()
    assert info.user_id == platform.channel.user_id


async def test_a_group_can_be_looked_at_and_left(sdk: Sdk, client: Client, phone: Phone) -> None:
    """Afterwards it is not found."""
    body = {"groupName": "ซอย 7", "members": [phone.user]}
    async with client.post("/line/api/groups", json=body) as answer:
        group = (await answer.json())["groupId"]
    assert (await sdk.api.get_group_summary(group)).group_name == "ซอย 7"
    assert (await sdk.api.get_group_member_count(group)).count == 1
    assert (await sdk.api.get_group_member_profile(group, phone.user)).user_id == phone.user
    await sdk.api.leave_group(group)
    with pytest.raises(ApiException) as missing:
        await sdk.api.get_group_summary(group)
    assert missing.value.status == 404


def oauth(client: Client) -> OauthConfiguration:
    """The token API of the sandbox."""
    return OauthConfiguration(host=str(client.make_url("")).rstrip("/"))


async def test_a_stateless_token_works_for_a_quarter_of_an_hour(
    client: Client, platform: Platform, control: Control
) -> None:
    """Issued by channel id and secret; afterwards calls are 401."""
    async with AsyncOauthClient(oauth(client)) as opened:
        issued = await AsyncChannelAccessToken(opened).issue_stateless_channel_token_by_client_secret(
            client_id=platform.channel.id, client_secret=platform.channel.secret
        )
    assert (issued.token_type, issued.expires_in) == ("Bearer", 899)
    configuration = Configuration(host=oauth(client).host, access_token=issued.access_token)
    async with AsyncApiClient(configuration) as opened_api:
        api = AsyncMessagingApi(opened_api)
        await api.get_bot_info()
        await control(body={"clock": {"advance": 899}})
        await api.get_bot_info()
        await control(body={"clock": {"advance": 1}})
        with pytest.raises(ApiException, match="token expired") as refused:
            await api.get_bot_info()
        assert refused.value.status == 401


@pytest.mark.parametrize(
    "change", [{"client_secret": "wrong"}, {"client_id": "1"}, {"grant_type": "password"}, {"client_secret": None}]
)
async def test_wrong_credentials_get_no_token(
    client: Client, platform: Platform, change: dict[str, str | None]
) -> None:
    """400 with an OAuth error."""
    form = {"grant_type": "client_credentials", "client_id": platform.channel.id}
    form |= {"client_secret": platform.channel.secret}
    form = {name: value for name, value in {**form, **change}.items() if value is not None}
    async with client.post("/oauth2/v3/token", data=form) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]


async def test_short_lived_tokens_are_thirty_and_can_be_revoked(client: Client, platform: Platform) -> None:
    """The oldest beyond thirty ends; a stateless token cannot be revoked."""
    form = {"grant_type": "client_credentials", "client_id": platform.channel.id}
    form["client_secret"] = platform.channel.secret

    async def issue(path: str) -> str:
        async with client.post(path, data=form) as answer:
            return str((await answer.json())["access_token"])

    async def status(token: str) -> int:
        async with client.get("/v2/bot/info", headers={"Authorization": f"Bearer {token}"}) as answer:
            return answer.status

    tokens = [await issue("/v2/oauth/accessToken") for _ in range(31)]
    assert [await status(tokens[index]) for index in (0, 1, 30)] == [401, 200, 200]
    stateless = await issue("/oauth2/v3/token")
    for token in (tokens[30], stateless):
        async with client.post("/v2/oauth/revoke", data={"access_token": token}) as answer:
            assert answer.status == 200
    assert [await status(tokens[30]), await status(stateless)] == [401, 200]
    async with client.post("/v2/oauth/verify", data={"access_token": tokens[1]}) as answer:
        assert (await answer.json())["client_id"] == platform.channel.id
    async with client.post("/v2/oauth/verify", data={"access_token": tokens[30]}) as answer:
        assert answer.status == 400


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer x", "Basic sandbox-line-long-lived-token"])
async def test_without_a_good_token_calls_are_401_with_a_request_id(client: Client, header: str | None) -> None:
    """Nothing is said about the channel."""
    headers = {} if header is None else {"Authorization": header}
    async with client.get("/v2/bot/info", headers=headers) as answer:
        assert answer.status == 401
        assert answer.headers["X-Line-Request-Id"]
        assert "Authentication failed" in (await answer.json())["message"]


async def test_an_unknown_path_is_404_in_lines_form(client: Client, platform: Platform) -> None:
    """With JSON, as from LINE."""
    assert await call(client, platform, "GET", "/v2/bot/insight/demographic") == (404, {"message": "Not found"})
