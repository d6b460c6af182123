// kfake, the broker in memory that franz-go is tested with, as a process that the suite can start: `kfake PORT DATA_DIR [NAME=VALUE]…`.
// It prints where it listens once it serves, and ends in good order on SIGTERM or with its standard input.
package main

import (
	"fmt"
	"io"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"github.com/twmb/franz-go/pkg/kfake"
)

func main() {
	port := number(os.Args[1])
	properties := map[string]string{}
	for _, each := range os.Args[3:] {
		name, value, _ := strings.Cut(each, "=")
		properties[name] = value
	}
	cluster, err := kfake.NewCluster(options(port, os.Args[2], properties)...)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(cluster.ListenAddrs()[0])
	end := make(chan os.Signal, 1)
	signal.Notify(end, syscall.SIGTERM)
	go func() {
		io.Copy(io.Discard, os.Stdin)
		end <- syscall.SIGTERM
	}()
	<-end
	cluster.Close()
}

// options are Kafka's defaults where kfake has others, and the properties, for some of which kfake has options in place of names.
func options(port int, dataDir string, properties map[string]string) []kfake.Opt {
	partitions := 1
	if set, ok := properties["num.partitions"]; ok {
		partitions = number(set)
	}
	configs := map[string]string{"default.replication.factor": "1", "group.max.session.timeout.ms": "1800000"}
	for name, value := range properties {
		configs[name] = value
	}
	all := []kfake.Opt{
		kfake.NumBrokers(1),
		kfake.Ports(port),
		kfake.ClusterID("b3R0bGEtY29tcGF0LTAwMQ"),
		kfake.DataDir(dataDir),
		kfake.DefaultNumPartitions(partitions),
		kfake.BrokerConfigs(configs),
	}
	if properties["auto.create.topics.enable"] != "false" {
		all = append(all, kfake.AllowAutoTopicCreation())
	}
	return all
}

func number(text string) int {
	value, err := strconv.Atoi(text)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return value
}
