"""kafka-python's codecs, written in Python, asked by lines of JSON: {"name", "version", "message", "bytes"} is answered by the "bytes" that the
message has there and the "message" that the bytes say; where the codec of its earlier releases, whose schemas were written by hand, knows the
version and it has no tagged fields, also by that one's "oldBytes" and by "oldSame": whether the bytes say the message to it. Bytes are hexadecimal; messages have Kafka's names
for fields, and base64 for bytes."""

import base64
import importlib
import json
import pkgutil
import sys
import uuid

import kafka.protocol.admin
import kafka.protocol.consumer
import kafka.protocol.metadata
import kafka.protocol.old
import kafka.protocol.producer
from kafka.protocol.api_message import ApiMessage
from kafka.protocol.old import types as old_types
from kafka.protocol.old.struct import Struct
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


def old_value(type_, value):
    """The earlier codec takes values without names, in the order on the wire, and structs of one field as that field."""
    if value is None:
        return None
    if isinstance(type_, old_types.Schema):
        return tuple(old_value(inner, item) for inner, item in zip(type_.fields, value.values(), strict=True))
    if isinstance(value, dict):
        (value,) = value.values()
    if isinstance(type_, old_types.Array):
        return [old_value(type_.array_of, item) for item in value]
    if type_ is old_types.Bytes:
        return base64.b64decode(value)
    if type_ is old_types.BitField:
        return old_types.BitField.from_32_bit_field(value & 0xFFFFFFFF)
    return value


def subclasses(cls):
    return [below for child in cls.__subclasses__() for below in [child, *subclasses(child)]]


for module in pkgutil.iter_modules(kafka.protocol.old.__path__):
    importlib.import_module(f"kafka.protocol.old.{module.name}")
CLASSES = {cls.__name__: cls for cls in reversed(subclasses(ApiMessage))}
OLD_CLASSES = {cls.__name__: cls for cls in subclasses(Struct)}


def answer(question):
    name, version, message = question["name"], question["version"], question["message"]
    their_bytes = bytes.fromhex(question["bytes"])
    message_class = CLASSES[name]
    fields = message_class.fields.values()
    encoded = struct_from_json(message_class, fields, message, version).encode(version=version)
    decoded = message_class.decode(their_bytes, version=version)
    answers = {"bytes": encoded.hex(), "message": struct_to_json(fields, decoded, version)}
    old_class = OLD_CLASSES.get(f"{name}_v{version}")
    if old_class is None or "tags" in old_class.SCHEMA.names:
        return answers
    value = old_value(old_class.SCHEMA, message)
    old = old_class.decode(their_bytes)
    same = tuple(old.get_item(field) for field in old_class.SCHEMA.names) == value
    return {**answers, "oldBytes": old_class(*value).encode().hex(), "oldSame": same}


for line in sys.stdin:
    try:
        print(json.dumps(answer(json.loads(line))), flush=True)
    except Exception as error:  # told to the other side, which knows what was asked
        print(json.dumps({"error": repr(error)}), flush=True)
