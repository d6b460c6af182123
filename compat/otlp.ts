/** What of Protocol Buffers and of OpenTelemetry's `MetricsData` is needed to tell which metrics a client has pushed. */

/** Field numbers of `MetricsData.resource_metrics`, `ResourceMetrics.scope_metrics`, `ScopeMetrics.metrics` and `Metric.name`. */
const [RESOURCE_METRICS, SCOPE_METRICS, METRICS, NAME] = [1, 2, 2, 1];
const [VARINT, FIXED64, DELIMITED, FIXED32] = [0, 1, 2, 5];

/** The names of all metrics. Throws RangeError where the bytes are no such message. */
export function metricNames(data: Uint8Array): string[] {
  return fields(data, RESOURCE_METRICS).flatMap((resource) => fields(resource, SCOPE_METRICS)).flatMap((scope) => fields(scope, METRICS))
    .flatMap((metric) => fields(metric, NAME)).map((name) => new TextDecoder("utf-8", { fatal: true }).decode(name));
}

/** The values of all fields with this number, of which the length stands in front. */
function fields(message: Uint8Array, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  let position = 0;
  const varint = (): number => {
    for (let value = 0, factor = 1;; factor *= 128) {
      if (position >= message.length) throw new RangeError("the message is cut off");
      const byte = message[position++];
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (position < message.length) {
    const tag = varint();
    const type = tag % 8;
    if (type === VARINT) varint();
    else if (type === FIXED64) position += 8;
    else if (type === FIXED32) position += 4;
    else if (type !== DELIMITED) throw new RangeError(`there is no type ${type}`);
    else {
      const length = varint();
      if (Math.floor(tag / 8) === wanted) found.push(message.subarray(position, position + length));
      position += length;
    }
  }
  if (position > message.length) throw new RangeError("the message is cut off");
  return found;
}
