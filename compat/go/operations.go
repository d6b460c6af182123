package main

import (
	"context"
	"strings"

	"github.com/twmb/franz-go/pkg/kgo"
)

// operations are the commands; can tells the parameters that each takes.
var operations map[string]operation

var can = map[string]string{
	"createTopic": "topic partitions replicas config validateOnly assignments", "deleteTopic": "topic topicId", "listTopics": "", "describeTopic": "topic topicId",
	"describeConfigs": "type name synonyms documentation keys",
	"listOffsets":     "topic partition at=earliest at=latest at=max-timestamp at=timestamp isolation",
	"produce":         "topic records acks compression idempotent producer transactionalId transactionTimeoutMs",
	"fetch":           "topic partition from count waitMs isolation reset maxBytes maxPartitionBytes minBytes maxWaitMs autoCreate",
	"join":            "member group topics pattern assignor protocol instanceId sessionTimeoutMs reset autoCommit process isolation",
	"status":          "member", "poll": "member count waitMs", "commit": "member offsets", "leave": "member",
	"groupOffsets": "group", "describeGroup": "group", "listGroups": "states types", "deleteGroup": "group",
	"deleteGroupOffsets": "group topic partition", "alterGroupOffsets": "group offsets metadata", "removeMember": "group instanceId",
	"describeCluster": "", "leaderEpochEnd": "topic partition epoch",
	"initTransactions":  "producer transactionalId transactionTimeoutMs",
	"beginTransaction":  "producer transactionalId transactionTimeoutMs",
	"commitTransaction": "producer transactionalId", "abortTransaction": "producer transactionalId",
	"createPartitions": "topic count validateOnly assignments", "replaceConfigs": "type name set", "alterConfigs": "type name set append subtract remove validateOnly",
	"deleteRecords": "topic partition before", "describeLogDirs": "", "describeProducers": "topic partition",
	"listTransactions": "states olderThanMs pattern", "describeTransaction": "transactionalId", "electLeaders": "topic partition unclean",
	"reassign": "topic partition replicas", "moveReplica": "topic partition directory", "describeReplica": "topic partition",
	"updateFeature": "feature level how validateOnly", "featureLevels": "", "describeQuorum": "", "describePage": "topics limit cursor",
	"listReassignments": "topic partition", "describeAcls": "", "listConfigResources": "type",
	"alterQuotas": "user client ip set remove validateOnly", "describeQuotas": "user client ip",
	"findQuotas": "user client ip strict", "alterScram": "user iterations", "describeScram": "user",
}

func init() {
	operations = map[string]operation{
		"can": tellCan, "endScope": endScope,
		"createTopic": createTopic, "deleteTopic": deleteTopic, "listTopics": listTopics, "describeTopic": describeTopic,
		"describeConfigs": describeConfigs, "listOffsets": listOffsets, "produce": produce, "fetch": fetch,
		"join": join, "status": status, "poll": poll, "commit": commit, "leave": leave,
		"groupOffsets": groupOffsets, "describeGroup": describeGroup, "listGroups": listGroups, "deleteGroup": deleteGroup,
		"deleteGroupOffsets": deleteGroupOffsets, "alterGroupOffsets": alterGroupOffsets, "removeMember": removeMember,
		"describeCluster": describeCluster, "leaderEpochEnd": leaderEpochEnd,
		"initTransactions": initTransactions, "beginTransaction": beginTransaction,
		"commitTransaction": endTransaction(kgo.TryCommit), "abortTransaction": endTransaction(kgo.TryAbort),
		"createPartitions": createPartitions, "alterConfigs": alterConfigs, "deleteRecords": deleteRecords,
		"describeLogDirs": describeLogDirs, "describeProducers": describeProducers,
		"listTransactions": listTransactions, "describeTransaction": describeTransaction,
		"electLeaders": electLeaders, "reassign": reassign, "moveReplica": moveReplica, "describeReplica": describeReplica,
		"featureLevels": featureLevels, "describeQuorum": describeQuorum, "describePage": describePage, "replaceConfigs": replaceConfigs,
		"findQuotas": findQuotas, "updateFeature": updateFeature, "listReassignments": listReassignments,
		"describeAcls": describeAcls, "listConfigResources": listConfigResources,
		"alterQuotas": alterQuotas, "describeQuotas": describeQuotas, "alterScram": alterScram, "describeScram": describeScram,
	}
}

func tellCan(*driver, context.Context, request) (any, error) {
	all := map[string][]string{}
	for name, parameters := range can {
		all[name] = strings.Fields(parameters)
	}
	return map[string]any{"version": version(), "can": all}, nil
}

// endScope closes what a scenario has left open.
func endScope(d *driver, _ context.Context, r request) (any, error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	for name, each := range d.members {
		if strings.HasPrefix(name, r.text("scope")) {
			delete(d.members, name)
			go each.close()
		}
	}
	for name, each := range d.producers {
		if strings.HasPrefix(name, r.text("scope")) {
			delete(d.producers, name)
			go each.Close()
		}
	}
	return nil, nil
}
