/** Values by Kafka's names, in Kafka's text form (`"true"`, `"604800000"`, `"compact,delete"`). */
export type ConfigValues = Readonly<Record<string, string>>;
