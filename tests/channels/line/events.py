# SPDX-License-Identifier: Apache-2.0
"""Webhook events as LINE sends them, one of each kind, of invented people."""

from __future__ import annotations

import json
from typing import Any

USER = "U" + "4a" * 16
OTHER = "U" + "5b" * 16
GROUP = "C" + "6c" * 16
ROOM = "R" + "7d" * 16
BOT = "U" + "8e" * 16
#: 2026-11-22T08:00:00.123Z
AT = 1_795_334_400_123
TOKEN = "nHuyWiB7yP5Zw52FIkcQobQuGDXCTA"

Json = dict[str, Any]

IN_CHAT: Json = {"type": "user", "userId": USER}
IN_GROUP: Json = {"type": "group", "groupId": GROUP, "userId": USER}
IN_ROOM: Json = {"type": "room", "roomId": ROOM, "userId": USER}


def event(kind: str, **fields: Any) -> Json:
    """An event of a one-to-one chat; a field that is None is left out."""
    whole = {
        "type": kind,
        "mode": "active",
        "timestamp": AT,
        "source": IN_CHAT,
        "webhookEventId": "01HZX3V4K5M6N7P8Q9R0S1T2V3",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": TOKEN,
        **fields,
    }
    return {key: value for key, value in whole.items() if value is not None}


def message(kind: str, message_id: str = "500000000000000001", **fields: Any) -> Json:
    """The `message` of an event."""
    return {"type": kind, "id": message_id, **fields}


def body(*events: Any, destination: Any = BOT) -> bytes:
    """A delivery of these events."""
    return json.dumps({"destination": destination, "events": list(events)}, ensure_ascii=False).encode()


#: one message of each type
MESSAGES: dict[str, Json] = {
    "text": message("text", text="ขอแจ้งไฟดับหน้าบ้าน 💡", quoteToken="q"),
    "image": message(
        "image",
        contentProvider={"type": "line"},
        imageSet={"id": "E005D41A", "index": 1, "total": 4},
        quoteToken="q",
    ),
    "video": message("video", contentProvider={"type": "line"}, duration=60_000, quoteToken="q"),
    "audio": message("audio", contentProvider={"type": "line"}, duration=3_000),
    "file": message("file", fileName="สำเนาทะเบียนบ้าน.pdf", fileSize=2_138),
    "location": message("location", title="my location", address="กรุงเทพมหานคร", latitude=13.7563, longitude=100.5018),
    "sticker": message("sticker", packageId="446", stickerId="1988", stickerResourceType="ANIMATION", quoteToken="q"),
}

#: one event of each kind
EVENTS: dict[str, Json] = {
    "accountLink": event("accountLink", link={"result": "ok", "nonce": "n0nce"}),
    "activated": event("activated", chatControl={"expireAt": AT + 1_000}, replyToken=None),
    "beacon": event("beacon", beacon={"hwid": "d41d8cd98f", "type": "enter"}),
    "botResumed": event("botResumed", replyToken=None),
    "botSuspended": event("botSuspended", replyToken=None),
    "deactivated": event("deactivated", replyToken=None),
    "delivery": event(
        "delivery", delivery={"data": "15034552939884E28681A7D668CEA94C147C716C"}, source=None, replyToken=None
    ),
    "follow": event("follow", follow={"isUnblocked": False}),
    "join": event("join", source=IN_GROUP),
    "leave": event("leave", source=IN_GROUP, replyToken=None),
    "memberJoined": event("memberJoined", source=IN_GROUP, joined={"members": [{"type": "user", "userId": OTHER}]}),
    "memberLeft": event(
        "memberLeft", source=IN_GROUP, left={"members": [{"type": "user", "userId": OTHER}]}, replyToken=None
    ),
    "membership": event("membership", membership={"type": "joined", "membershipId": 3_189}),
    "message": event("message", message=MESSAGES["text"]),
    "messageEdited": event("messageEdited", message=message("text", text="แก้แล้ว", quoteToken="q")),
    "module": event("module", module={"type": "attached", "botId": BOT, "scopes": []}, replyToken=None),
    "postback": event("postback", postback={"data": "41.0.2"}),
    "unfollow": event("unfollow", replyToken=None),
    "unsend": event("unsend", unsend={"messageId": "500000000000000009"}, replyToken=None),
    "videoPlayComplete": event("videoPlayComplete", videoPlayComplete={"trackingId": "track-1"}),
}
