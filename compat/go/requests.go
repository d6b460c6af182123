package main

import (
	"context"
	"encoding/base64"
	"fmt"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// What kadm has no function for.

func topicID(r request) (id [16]byte) {
	bytes, err := base64.StdEncoding.DecodeString(r.text("topicId"))
	if err != nil || copy(id[:], bytes) != len(id) {
		panic("no topic id: " + r.text("topicId"))
	}
	return id
}

func assignments(r request) [][]int32 {
	var all [][]int32
	list, _ := r["assignments"].([]any)
	for _, each := range list {
		brokers := []int32{}
		for _, broker := range each.([]any) {
			brokers = append(brokers, int32(broker.(float64)))
		}
		all = append(all, brokers)
	}
	return all
}

func createAssignedTopic(d *driver, ctx context.Context, r request) (any, error) {
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = r.text("topic"), -1, -1
	for partition, brokers := range assignments(r) {
		topic.ReplicaAssignment = append(topic.ReplicaAssignment, kmsg.CreateTopicsRequestTopicReplicaAssignment{Partition: int32(partition), Replicas: brokers})
	}
	for name, value := range nullable(r.config("config")) {
		topic.Configs = append(topic.Configs, kmsg.CreateTopicsRequestTopicConfig{Name: name, Value: value})
	}
	ask := kmsg.NewPtrCreateTopicsRequest()
	ask.Topics, ask.TimeoutMillis, ask.ValidateOnly = append(ask.Topics, topic), 10_000, r.yes("validateOnly")
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	return nil, kerr.ErrorForCode(answer.Topics[0].ErrorCode)
}

func createAssignedPartitions(d *driver, ctx context.Context, r request) (any, error) {
	topic := kmsg.NewCreatePartitionsRequestTopic()
	topic.Topic, topic.Count = r.text("topic"), int32(r.number("count", 0))
	for _, brokers := range assignments(r) {
		topic.Assignment = append(topic.Assignment, kmsg.CreatePartitionsRequestTopicAssignment{Replicas: brokers})
	}
	ask := kmsg.NewPtrCreatePartitionsRequest()
	ask.Topics, ask.TimeoutMillis, ask.ValidateOnly = append(ask.Topics, topic), 10_000, r.yes("validateOnly")
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	return nil, kerr.ErrorForCode(answer.Topics[0].ErrorCode)
}

func deleteTopicByID(d *driver, ctx context.Context, r request) (any, error) {
	topic := kmsg.NewDeleteTopicsRequestTopic()
	topic.TopicID = topicID(r)
	ask := kmsg.NewPtrDeleteTopicsRequest()
	ask.Topics, ask.TimeoutMillis = append(ask.Topics, topic), 10_000
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	return nil, kerr.ErrorForCode(answer.Topics[0].ErrorCode)
}

func describeTopicByID(d *driver, ctx context.Context, r request) (any, error) {
	topic := kmsg.NewMetadataRequestTopic()
	topic.TopicID = topicID(r)
	ask := kmsg.NewPtrMetadataRequest()
	ask.Topics = append(ask.Topics, topic)
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	if err := kerr.ErrorForCode(answer.Topics[0].ErrorCode); err != nil {
		return nil, err
	}
	return map[string]any{"name": answer.Topics[0].Topic, "partitions": len(answer.Topics[0].Partitions)}, nil
}

// describePage answers "topic-partition" or "topic: error" in the answer's order, and where the next page begins.
func describePage(d *driver, ctx context.Context, r request) (any, error) {
	ask := kmsg.NewPtrDescribeTopicPartitionsRequest()
	for _, name := range r.texts("topics") {
		topic := kmsg.NewDescribeTopicPartitionsRequestTopic()
		topic.Topic = name
		ask.Topics = append(ask.Topics, topic)
	}
	ask.ResponsePartitionLimit = int32(r.number("limit", 2_000))
	if cursor, ok := r["cursor"].(map[string]any); ok {
		from := kmsg.NewDescribeTopicPartitionsRequestCursor()
		from.Topic, from.Partition = cursor["topic"].(string), int32(cursor["partition"].(float64))
		ask.Cursor = &from
	}
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	found := []string{}
	for _, topic := range answer.Topics {
		if err := kerr.TypedErrorForCode(topic.ErrorCode); err != nil {
			// One error for the whole request stands at every topic.
			if topic.ErrorCode == kerr.InvalidRequest.Code {
				return nil, err
			}
			found = append(found, fmt.Sprintf("%s: %s", *topic.Topic, err.Message))
		}
		for _, each := range topic.Partitions {
			found = append(found, fmt.Sprintf("%s-%d", *topic.Topic, each.Partition))
		}
	}
	told := map[string]any{"found": found, "next": nil}
	if next := answer.NextCursor; next != nil {
		told["next"] = map[string]any{"topic": next.Topic, "partition": next.Partition}
	}
	return told, nil
}

func replaceConfigs(d *driver, ctx context.Context, r request) (any, error) {
	resource := kmsg.NewAlterConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = configTypes[r.text("type")], r.text("name")
	for name, value := range nullable(r.config("set")) {
		resource.Configs = append(resource.Configs, kmsg.AlterConfigsRequestResourceConfig{Name: name, Value: value})
	}
	ask := kmsg.NewPtrAlterConfigsRequest()
	ask.Resources = append(ask.Resources, resource)
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	return nil, kerr.ErrorForCode(answer.Resources[0].ErrorCode)
}

func describeQuorum(d *driver, ctx context.Context, _ request) (any, error) {
	partition := kmsg.NewDescribeQuorumRequestTopicPartition()
	topic := kmsg.NewDescribeQuorumRequestTopic()
	topic.Topic, topic.Partitions = "__cluster_metadata", append(topic.Partitions, partition)
	ask := kmsg.NewPtrDescribeQuorumRequest()
	ask.Topics = append(ask.Topics, topic)
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	if err := kerr.ErrorForCode(answer.ErrorCode); err != nil {
		return nil, err
	}
	found := answer.Topics[0].Partitions[0]
	voters := []int32{}
	for _, each := range found.CurrentVoters {
		voters = append(voters, each.ReplicaID)
	}
	return map[string]any{
		"leader": found.LeaderID, "highWatermark": found.HighWatermark, "voters": voters, "observers": len(found.Observers),
	}, nil
}

func featureLevels(d *driver, ctx context.Context, _ request) (any, error) {
	ask := kmsg.NewPtrApiVersionsRequest()
	ask.ClientSoftwareName, ask.ClientSoftwareVersion = "compat-franz-go", "1"
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	all := map[string]map[string]any{}
	for _, each := range answer.SupportedFeatures {
		all[each.Name] = map[string]any{"min": each.MinVersion, "max": each.MaxVersion, "level": 0}
	}
	for _, each := range answer.FinalizedFeatures {
		all[each.Name]["level"] = each.MaxVersionLevel
	}
	return all, nil
}

// findQuotas answers an object for each entity: its parts by the names of parameters, and its quotas.
func findQuotas(d *driver, ctx context.Context, r request) (any, error) {
	var components []kadm.DescribeClientQuotaComponent
	for field, kind := range quotaTypes {
		component := kadm.DescribeClientQuotaComponent{Type: kind}
		switch name := r[field].(type) {
		case nil:
			continue
		case bool:
			component.MatchType = kmsg.QuotasMatchTypeAny
		case string:
			component.MatchName = &name
			if name == "" {
				component.MatchName, component.MatchType = nil, kmsg.QuotasMatchTypeDefault
			}
		}
		components = append(components, component)
	}
	answers, err := d.admin.DescribeClientQuotas(ctx, r.yes("strict"), components)
	all := []any{}
	for _, each := range answers {
		told := map[string]any{}
		for field, kind := range quotaTypes {
			for _, part := range each.Entity {
				if part.Type == kind {
					told[field] = ""
					if part.Name != nil {
						told[field] = *part.Name
					}
				}
			}
		}
		quotas := map[string]float64{}
		for _, value := range each.Values {
			quotas[value.Key] = value.Value
		}
		told["quotas"] = quotas
		all = append(all, told)
	}
	return all, err
}
