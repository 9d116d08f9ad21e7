# SPDX-License-Identifier: Apache-2.0
"""The Messaging API's paths for tokens, messages, content, people, groups and the webhook.

Paths and bodies: `messaging-api.yml` and `channel-access-token.yml` of LINE's OpenAPI.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timezone

from aiohttp import web

from sandbox.line import access_tokens, content, rates, sending
from sandbox.line.call import PLATFORM, Call, Handler, api
from sandbox.line.errors import NOT_FOUND, Reason, invalid_property
from sandbox.line.state import Group, Json, Platform
from sandbox.line.validate import check_messages
from sandbox.line.webhooks import body_of, post, sign

_CLIENT_FAILURES = {"could_not_connect": "COULD_NOT_CONNECT", "request_timeout": "REQUEST_TIMEOUT"}


def add_routes(router: web.UrlDispatcher) -> None:
    """Mount the paths at the root, because the SDK's host setting has no path."""
    for method, path, handler in _routes():
        router.add_route(method, path, handler)


def add_last_route(router: web.UrlDispatcher) -> None:
    """Whatever the fake does not know is LINE's 404; mounted after all other paths."""
    router.add_route("*", "/v2/bot/{rest:.*}", api("unknown", _unknown))


def _unknown(_call: Call) -> Json:
    raise NOT_FOUND.refusal()


def _routes() -> tuple[tuple[str, str, Handler], ...]:
    return (
        ("POST", "/oauth2/v3/token", api("token", _stateless, needs_token=False)),
        ("POST", "/v2/oauth/accessToken", api("token", _short_lived, needs_token=False)),
        ("POST", "/v2/oauth/verify", api("token", _verify, needs_token=False)),
        ("POST", "/v2/oauth/revoke", api("token", _revoke, needs_token=False)),
        ("POST", "/v2/bot/message/reply", api("reply", _reply)),
        ("POST", "/v2/bot/message/push", api("push", _push)),
        ("POST", "/v2/bot/message/multicast", api("multicast", _multicast)),
        ("POST", "/v2/bot/message/broadcast", api("broadcast", _broadcast)),
        *(
            ("POST", f"/v2/bot/message/validate/{kind}", api("validate", _validate))
            for kind in ("reply", "push", "multicast", "narrowcast", "broadcast")
        ),
        ("GET", "/v2/bot/message/quota", api("quota", lambda call: rates.quota_json(call.platform))),
        (
            "GET",
            "/v2/bot/message/quota/consumption",
            api("quota", lambda call: {"totalUsage": rates.used(call.platform)}),
        ),
        ("POST", "/v2/bot/chat/loading/start", api("loading", _loading)),
        ("POST", "/v2/bot/chat/markAsRead", api("mark_read", _mark_read_by_token)),
        ("POST", "/v2/bot/message/markAsRead", api("mark_read", _mark_read)),
        ("GET", "/v2/bot/message/{id}/content", api("content", _content)),
        ("GET", "/v2/bot/message/{id}/content/preview", api("content", _preview)),
        ("GET", "/v2/bot/message/{id}/content/transcoding", api("content", _transcoding)),
        ("GET", "/v2/bot/profile/{user}", api("profile", _profile)),
        ("GET", "/v2/bot/followers/ids", api("profile", _followers)),
        ("GET", "/v2/bot/info", api("bot_info", _info)),
        ("POST", "/v2/bot/group/{group}/leave", api("group", _leave)),
        ("GET", "/v2/bot/group/{group}/summary", api("group", _summary)),
        ("GET", "/v2/bot/group/{group}/members/count", api("group", _members)),
        ("GET", "/v2/bot/group/{group}/member/{user}", api("group", _member)),
        ("POST", "/v2/bot/user/{user}/linkToken", api("profile", _link_token)),
        ("GET", "/v2/bot/channel/webhook/endpoint", api("webhook_endpoint", _endpoint)),
        ("PUT", "/v2/bot/channel/webhook/endpoint", api("webhook_endpoint", _set_endpoint)),
        ("POST", "/v2/bot/channel/webhook/test", _test_webhook),
    )


def _stateless(call: Call) -> Json:
    return access_tokens.issue_stateless(call.platform, call.form())


def _short_lived(call: Call) -> Json:
    return access_tokens.issue_short_lived(call.platform, call.form())


def _verify(call: Call) -> Json:
    return access_tokens.verify(call.platform, call.form().get("access_token", ""))


def _revoke(call: Call) -> web.Response:
    access_tokens.revoke(call.platform, call.form().get("access_token", ""))
    return web.Response(status=200)


def _reply(call: Call) -> Json:
    return sending.reply(call.platform, call.json(), call.retry_key)


def _push(call: Call) -> Json:
    return sending.push(call.platform, call.json(), call.retry_key, call.request_id)


def _multicast(call: Call) -> Json:
    return sending.multicast(call.platform, call.json(), call.retry_key, call.request_id)


def _broadcast(call: Call) -> Json:
    return sending.broadcast(call.platform, call.json(), call.retry_key, call.request_id)


def _validate(call: Call) -> Json:
    check_messages(call.json(), loopback_http=call.platform.loopback_http)
    return {}


def _loading(call: Call) -> web.Response:
    sending.start_loading(call.platform, call.json())
    return web.json_response({}, status=202)


def _mark_read_by_token(call: Call) -> Json:
    message_id = call.platform.read_tokens.get(str(call.json().get("markAsReadToken")))
    if message_id is None:
        raise invalid_property("markAsReadToken")
    sending.mark_read(call.platform, [message_id])
    return {}


def _mark_read(call: Call) -> Json:
    chat = call.json().get("chat")
    user = chat.get("userId") if isinstance(chat, dict) else None
    if user not in call.platform.users:
        raise invalid_property("chat.userId")
    sending.mark_read(call.platform, [m.id for m in call.platform.messages.values() if m.sender == user])
    return {}


def _content(call: Call) -> web.Response:
    media = content.fetch(call.platform, call.part("id"))
    if media is None:
        return web.Response(status=202)
    return web.Response(body=media.data, headers={"Content-Type": media.mime})


def _preview(call: Call) -> web.Response:
    small = content.preview(call.platform, call.part("id"))
    return web.Response(status=202) if small is None else web.Response(body=small, content_type="image/jpeg")


def _transcoding(call: Call) -> Json:
    return {"status": content.transcoding(call.platform, call.part("id"))}


def _profile(call: Call) -> Json:
    user = call.platform.users.get(call.part("user"))
    if user is None or not user.friend or user.blocked or not user.consent:
        raise NOT_FOUND.refusal()
    return {"userId": user.id, "displayName": user.name, "language": user.language}


def _followers(call: Call) -> Json:
    return {"userIds": [user.id for user in call.platform.users.values() if user.friend and not user.blocked]}


def _info(call: Call) -> Json:
    channel = call.platform.channel
    return {
        "userId": channel.user_id,
        "basicId": channel.basic_id,
        "displayName": channel.display_name,
        "chatMode": "bot",
        "markAsReadMode": "auto",
    }


def _group(call: Call) -> Group:
    group = call.platform.groups.get(call.part("group"))
    if group is None or not group.joined:
        raise NOT_FOUND.refusal()
    return group


def _leave(call: Call) -> Json:
    _group(call).joined = False
    return {}


def _summary(call: Call) -> Json:
    group = _group(call)
    return {"groupId": group.id, "groupName": group.name}


def _members(call: Call) -> Json:
    return {"count": len(_group(call).members)}


def _member(call: Call) -> Json:
    user = call.platform.users.get(call.part("user"))
    if user is None or user.id not in _group(call).members:
        raise NOT_FOUND.refusal()
    return {"userId": user.id, "displayName": user.name}


def _link_token(call: Call) -> Json:
    if call.part("user") not in call.platform.users:
        raise NOT_FOUND.refusal()
    return {"linkToken": secrets.token_urlsafe(24)}


def _endpoint(call: Call) -> Json:
    if call.platform.webhook.url is None:
        raise NOT_FOUND.refusal()
    return {"endpoint": call.platform.webhook.url, "active": call.platform.webhook.active}


def _checked_url(value: object) -> str:
    """LINE wants https; the sandbox takes http too, as its bot runs on the same machine."""
    if not isinstance(value, str) or len(value) > 500 or not value.startswith(("http://", "https://")):
        raise Reason(400, "Invalid webhook endpoint URL").refusal()
    return value


def _set_endpoint(call: Call) -> Json:
    call.platform.webhook.url = _checked_url(call.json().get("endpoint"))
    return {}


async def _test_webhook(request: web.Request) -> web.StreamResponse:
    """`POST /v2/bot/channel/webhook/test`: a signed webhook without events, and how it ended."""
    url: list[str] = []

    def check(call: Call) -> Json:
        rates.take(call.platform, "webhook_test", call.platform.limits.webhook_tests_per_hour, 3600.0)
        asked = call.json().get("endpoint") if call.raw.strip() else None
        url.append(_checked_url(asked or call.platform.webhook.url))
        return {}

    answer = await api("webhook_test", check)(request)
    if not url or answer.status != 200:
        return answer
    tested = web.json_response(await _try_webhook(request.app[PLATFORM], url[0]))
    tested.headers["X-Line-Request-Id"] = answer.headers["X-Line-Request-Id"]
    return tested


async def _try_webhook(platform: Platform, url: str) -> Json:
    at = datetime.fromtimestamp(platform.clock.now(), tz=timezone.utc)
    body = body_of(platform, [])
    headers = {"x-line-signature": sign(platform.channel.secret, body)}
    outcome = await post(url, body, headers, platform.webhook.time_limit)
    reason = {"ok": "OK", "error_status_code": "ERROR_STATUS_CODE"}.get(outcome.reason)
    return {
        "success": outcome.taken,
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "statusCode": outcome.status,
        "reason": reason or _CLIENT_FAILURES.get(outcome.reason, "UNCLASSIFIED"),
        "detail": outcome.detail,
    }
