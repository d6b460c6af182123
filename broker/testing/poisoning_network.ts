import type { Connection, Network } from "../../platform/mod.ts";

const POISON = 0xdb;

/**
 * A network that overwrites the room it is given before it reads into it, and with it the requests that were handled: whoever kept a view of one
 * beyond its handler's return, instead of a copy, finds rubbish.
 */
export function poisoning(network: Network): Network {
  return {
    connect: (address) => network.connect(address),
    listen(address) {
      const listener = network.listen(address);
      return {
        address: listener.address,
        accept: async () => {
          const connection = await listener.accept();
          return connection && poisoned(connection);
        },
        close: () => listener.close(),
      };
    },
  };
}

function poisoned(connection: Connection): Connection {
  return {
    local: connection.local,
    remote: connection.remote,
    read(into) {
      into.fill(POISON);
      return connection.read(into);
    },
    write: (bytes) => connection.write(bytes),
    close: () => connection.close(),
  };
}
