import type { ApiSpec } from "./spec.ts";

export const spec: ApiSpec = {
  key: 32,
  name: "DescribeConfigs",
  versions: "1-4",
  flexible: "4+",
  doc: "Lists configuration values of topics, brokers and groups, with where each comes from.",
  request: {
    resources: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeConfigsResource",
      doc: "What to describe.",
      fields: {
        resourceType: {
          type: "int8",
          versions: "0+",
          doc: "2 a topic, 4 a broker, 8 a broker's loggers, 16 client metrics, 32 a group (`ConfigResource.Type`).",
        },
        resourceName: { type: "string", versions: "0+", doc: "The topic's name, the broker's id and so on." },
        configurationKeys: { type: "[]string", versions: "0+", nullable: "0+", doc: "The settings asked for; null is all of them." },
      },
    },
    includeSynonyms: { type: "bool", versions: "1+", doc: "Whether to answer the settings a value falls back on." },
    includeDocumentation: { type: "bool", versions: "3+", doc: "Whether to answer what each setting means." },
  },
  response: {
    throttleTimeMs: { type: "int32", versions: "0+", doc: "Milliseconds for which a quota holds the client back; 0 for none." },
    results: {
      type: "[]struct",
      versions: "0+",
      struct: "DescribeConfigsResult",
      doc: "The configuration of each resource.",
      fields: {
        errorCode: { type: "int16", versions: "0+", doc: "The error, or 0." },
        errorMessage: { type: "string", versions: "0+", nullable: "0+", doc: "The error in words, or null." },
        resourceType: {
          type: "int8",
          versions: "0+",
          doc: "2 a topic, 4 a broker, 8 a broker's loggers, 16 client metrics, 32 a group (`ConfigResource.Type`).",
        },
        resourceName: { type: "string", versions: "0+", doc: "The topic's name, the broker's id and so on." },
        configs: {
          type: "[]struct",
          versions: "0+",
          struct: "DescribeConfigsResourceResult",
          doc: "Its settings.",
          fields: {
            name: { type: "string", versions: "0+", doc: "The setting's name." },
            value: { type: "string", versions: "0+", nullable: "0+", doc: "Its value; null for a secret, or when it has none." },
            readOnly: { type: "bool", versions: "0+", doc: "Whether it cannot be changed." },
            configSource: {
              type: "int8",
              versions: "1+",
              default: -1,
              ignorable: true,
              doc:
                "1 the topic, 2 one broker at run time, 3 all brokers at run time, 4 the broker's file, 5 the default, 8 a group; -1 when unknown.",
            },
            isSensitive: { type: "bool", versions: "0+", doc: "Whether it is a secret." },
            synonyms: {
              type: "[]struct",
              versions: "1+",
              ignorable: true,
              struct: "DescribeConfigsSynonym",
              doc: "What the value is taken from, the strongest first.",
              fields: {
                name: { type: "string", versions: "1+", doc: "The setting's name at that place." },
                value: { type: "string", versions: "1+", nullable: "1+", doc: "Its value; null for a secret, or when it has none." },
                source: { type: "int8", versions: "1+", doc: "Where that is, as in `configSource`." },
              },
            },
            configType: {
              type: "int8",
              versions: "3+",
              ignorable: true,
              doc: "1 boolean, 2 string, 3 int, 4 short, 5 long, 6 double, 7 list, 8 class, 9 password; 0 unknown.",
            },
            documentation: { type: "string", versions: "3+", nullable: "3+", ignorable: true, doc: "What it means, or null." },
          },
        },
      },
    },
  },
};
