/** The START_BROKER command for Apache Kafka: hands the protocol on to a KafkaFarm, whose port is in KAFKA_FARM_PORT. */
const farm = await Deno.connect({ hostname: "127.0.0.1", port: Number(Deno.env.get("KAFKA_FARM_PORT")) });
const answers = farm.readable.pipeTo(Deno.stdout.writable, { preventClose: true });
await Deno.stdin.readable.pipeTo(farm.writable, { preventClose: true });
await farm.closeWrite();
await answers;
