/** Ottla's version. */
export const VERSION = "0.1.0";

/** The release of Apache Kafka whose behaviour is the reference. */
export const KAFKA_VERSION = "4.3.1";
