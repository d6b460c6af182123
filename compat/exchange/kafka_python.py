"""kafka-python's own codec, written in Python, asked by lines of JSON: {"name", "version"} with "message" is answered by its {"bytes"}, with
"bytes" by their {"message"}; bytes are hexadecimal, messages have Kafka's names for fields and base64 for bytes."""

import base64
import json
import sys
import uuid

import kafka.protocol.admin
import kafka.protocol.consumer
import kafka.protocol.metadata
import kafka.protocol.producer  # noqa: F401 (the modules bring the classes of ApiMessage)
from kafka.protocol.api_message import ApiMessage
from kafka.protocol.schemas.fields.codecs.types import BitField, Bytes, UUID


def camel(field):
    return field._name[0].lower() + field._name[1:]


def struct_from_json(make, fields, message, version):
    known = {camel(field): field for field in fields}
    return make(version=version, **{known[name].name: from_json(known[name], value, version) for name, value in message.items()})


def from_json(field, value, version):
    if value is None:
        return None
    if field.is_struct_array():
        return [struct_from_json(field.data_class, field.fields.values(), item, version) for item in value]
    if field.is_struct():
        return struct_from_json(field.data_class, field.fields.values(), value, version)
    if field.is_array():
        return [from_json(field.array_of, item, version) for item in value]
    if field._type is Bytes:
        return base64.b64decode(value)
    if field._type is UUID:
        return uuid.UUID(bytes=base64.urlsafe_b64decode(value + "=="))
    if field._type is BitField:
        return BitField.from_32_bit_field(value & 0xFFFFFFFF)
    return value


def struct_to_json(fields, message, version):
    message_json = {}
    for field in fields:
        value = getattr(message, field.name)
        absent = field.tagged_field_q(version) and value == field.default
        if field.for_version_q(version) and not absent:
            message_json[camel(field)] = to_json(field, value, version)
    return message_json


def to_json(field, value, version):
    if getattr(field, "_type", None) is BitField:
        bits = BitField.to_32_bit_field({31} if value is None else value)
        return bits - (1 << 32) if bits >= 1 << 31 else bits
    if value is None:
        return None
    if field.is_struct_array():
        return [struct_to_json(field.fields.values(), item, version) for item in value]
    if field.is_struct():
        return struct_to_json(field.fields.values(), value, version)
    if field.is_array():
        return [to_json(field.array_of, item, version) for item in value]
    if field._type is Bytes:
        return base64.b64encode(bytes(value)).decode()
    if field._type is UUID:
        return base64.urlsafe_b64encode(value.bytes).decode().rstrip("=")
    return value


def subclasses(cls):
    return [cls] + [below for child in cls.__subclasses__() for below in subclasses(child)]


CLASSES = {cls.__name__: cls for cls in reversed(subclasses(ApiMessage)) if cls is not ApiMessage}


def answer(question):
    message_class, version = CLASSES[question["name"]], question["version"]
    fields = message_class.fields.values()
    if "message" in question:
        message = struct_from_json(message_class, fields, question["message"], version)
        return {"bytes": bytes(message.encode(version=version)).hex()}
    message = message_class.decode(bytes.fromhex(question["bytes"]), version=version)
    return {"message": struct_to_json(fields, message, version)}


for line in sys.stdin:
    try:
        print(json.dumps(answer(json.loads(line))), flush=True)
    except Exception as error:  # told to the other side, which knows what was asked
        print(json.dumps({"error": repr(error)}), flush=True)
