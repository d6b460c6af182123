package main

import (
	"context"
	"errors"
	"sort"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func nullable(config map[string]string) map[string]*string {
	all := map[string]*string{}
	for key, value := range config {
		all[key] = &value
	}
	return all
}

func partitionOf(r request) kadm.TopicsSet {
	set := kadm.TopicsSet{}
	set.Add(r.text("topic"), int32(r.number("partition", 0)))
	return set
}

func createTopic(d *driver, ctx context.Context, r request) (any, error) {
	if _, given := r["assignments"]; given {
		return createAssignedTopic(d, ctx, r)
	}
	create := d.admin.CreateTopics
	if r.yes("validateOnly") {
		create = d.admin.ValidateCreateTopics
	}
	answers, err := create(ctx, int32(r.number("partitions", -1)), int16(r.number("replicas", -1)), nullable(r.config("config")), r.text("topic"))
	if err != nil {
		return nil, err
	}
	made := answers[r.text("topic")]
	configs := map[string]any{}
	for name, each := range made.Configs {
		configs[name] = map[string]any{"value": each.Value, "source": each.Source.String()}
	}
	return map[string]any{
		"partitions": made.NumPartitions, "replicas": made.ReplicationFactor, "id": made.ID.String(), "configs": configs,
	}, made.Err
}

func deleteTopic(d *driver, ctx context.Context, r request) (any, error) {
	if r.text("topicId") != "" {
		return deleteTopicByID(d, ctx, r)
	}
	answer, err := d.admin.DeleteTopic(ctx, r.text("topic"))
	return nil, errors.Join(err, answer.Err)
}

// direct asks the broker: without authorized operations, kadm answers all topics from what it knows, and unknown topics that were just asked for stand among them.
func direct(ctx context.Context) context.Context {
	return kadm.WithAuthorizedOps(ctx)
}

func listTopics(d *driver, ctx context.Context, _ request) (any, error) {
	topics, err := d.admin.ListTopics(direct(ctx))
	if err != nil {
		return nil, err
	}
	return topics.Names(), nil
}

func describeTopic(d *driver, ctx context.Context, r request) (any, error) {
	if r.text("topicId") != "" {
		return describeTopicByID(d, ctx, r)
	}
	topics, err := d.admin.ListTopicsWithInternal(direct(ctx), r.text("topic"))
	if err != nil {
		return nil, err
	}
	topic := topics[r.text("topic")]
	if topic.Err != nil {
		return nil, topic.Err
	}
	var leader, epoch int32
	inSync := 0
	for _, each := range topic.Partitions {
		leader, epoch, inSync = each.Leader, each.LeaderEpoch, len(each.ISR)
	}
	return map[string]any{
		"partitions": len(topic.Partitions), "replicas": topic.Partitions.NumReplicas(), "internal": topic.IsInternal,
		"inSync": inSync, "leader": leader, "leaderEpoch": epoch, "id": topic.ID.String(),
	}, nil
}

var configTypes = map[string]kmsg.ConfigResourceType{
	"topic": kmsg.ConfigResourceTypeTopic, "broker": kmsg.ConfigResourceTypeBroker, "group": kmsg.ConfigResourceTypeGroupConfig,
	"broker_logger": kmsg.ConfigResourceTypeBrokerLogger, "client_metrics": kmsg.ConfigResourceTypeClientMetrics,
}

func describeConfigs(d *driver, ctx context.Context, r request) (any, error) {
	ask := kmsg.NewPtrDescribeConfigsRequest()
	resource := kmsg.NewDescribeConfigsRequestResource()
	resource.ResourceType, resource.ResourceName, resource.ConfigNames = configTypes[r.text("type")], r.text("name"), r.texts("keys")
	ask.IncludeSynonyms, ask.IncludeDocumentation = r.yes("synonyms"), r.yes("documentation")
	ask.Resources = append(ask.Resources, resource)
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	if err := kerr.ErrorForCode(answer.Resources[0].ErrorCode); err != nil {
		return nil, err
	}
	all := map[string]any{}
	for _, each := range answer.Resources[0].Configs {
		synonyms := []any{}
		for _, one := range each.ConfigSynonyms {
			synonyms = append(synonyms, map[string]any{"name": one.Name, "value": one.Value, "source": one.Source.String()})
		}
		all[each.Name] = map[string]any{
			"value": each.Value, "readOnly": each.ReadOnly, "sensitive": each.IsSensitive, "source": each.Source.String(),
			"synonyms": synonyms, "type": each.ConfigType.String(), "documentation": each.Documentation,
		}
	}
	return all, nil
}

func listOffsets(d *driver, ctx context.Context, r request) (any, error) {
	list := d.admin.ListStartOffsets
	switch at := r["at"].(type) {
	case string:
		if r.text("isolation") != "" {
			return offsetAt(d, ctx, r, map[string]int64{"earliest": -2, "latest": -1, "max-timestamp": -3}[at])
		}
		if at == "latest" {
			list = d.admin.ListEndOffsets
		} else if at == "max-timestamp" {
			list = d.admin.ListMaxTimestampOffsets
		}
	case map[string]any:
		return offsetAt(d, ctx, r, int64(at["timestamp"].(float64)))
	}
	listed, err := list(ctx, r.text("topic"))
	if err != nil {
		return nil, err
	}
	found, _ := listed.Lookup(r.text("topic"), int32(r.number("partition", 0)))
	if found.Err != nil {
		return nil, found.Err
	}
	return map[string]any{"offset": found.Offset, "timestamp": found.Timestamp, "leaderEpoch": found.LeaderEpoch}, nil
}

// offsetAt asks by hand: kadm answers the end where the broker says that there is none, and knows one isolation for each place.
func offsetAt(d *driver, ctx context.Context, r request, timestamp int64) (any, error) {
	ask := kmsg.NewPtrListOffsetsRequest()
	if r.text("isolation") != "" {
		ask.IsolationLevel = 1
	}
	topic := kmsg.NewListOffsetsRequestTopic()
	topic.Topic = r.text("topic")
	partition := kmsg.NewListOffsetsRequestTopicPartition()
	partition.Partition, partition.Timestamp = int32(r.number("partition", 0)), timestamp
	topic.Partitions = append(topic.Partitions, partition)
	ask.Topics = append(ask.Topics, topic)
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	found := answer.Topics[0].Partitions[0]
	if err := kerr.ErrorForCode(found.ErrorCode); err != nil {
		return nil, err
	}
	return map[string]any{"offset": found.Offset, "timestamp": found.Timestamp, "leaderEpoch": found.LeaderEpoch}, nil
}

func leaderEpochEnd(d *driver, ctx context.Context, r request) (any, error) {
	ask := kadm.OffsetForLeaderEpochRequest{}
	ask.Add(r.text("topic"), int32(r.number("partition", 0)), int32(r.number("epoch", 0)))
	answers, err := d.admin.OffsetForLeaderEpoch(ctx, ask)
	if err != nil {
		return nil, err
	}
	found := answers[r.text("topic")][int32(r.number("partition", 0))]
	return map[string]any{"epoch": found.LeaderEpoch, "offset": found.EndOffset}, found.Err
}

func describeCluster(d *driver, ctx context.Context, _ request) (any, error) {
	found, err := d.admin.BrokerMetadata(ctx)
	if err != nil {
		return nil, err
	}
	return map[string]any{"brokers": len(found.Brokers), "controller": found.Controller, "clusterId": found.Cluster}, nil
}

func groupOffsets(d *driver, ctx context.Context, r request) (any, error) {
	answers, err := d.admin.FetchOffsets(ctx, r.text("group"))
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, each := range answers.Sorted() {
		if each.Err != nil {
			return nil, each.Err
		}
		all = append(all, map[string]any{
			"topic": each.Topic, "partition": each.Partition, "offset": each.At, "leaderEpoch": each.LeaderEpoch, "metadata": each.Metadata,
		})
	}
	return all, nil
}

func describeGroup(d *driver, ctx context.Context, r request) (any, error) {
	groups, err := d.admin.DescribeGroups(ctx, r.text("group"))
	if err != nil {
		return nil, err
	}
	group := groups[r.text("group")]
	if group.Err != nil {
		return nil, group.Err
	}
	members := []any{}
	for _, each := range group.Members {
		assigned := []string{}
		if parts, ok := each.Assigned.AsConsumer(); ok {
			for _, topic := range parts.Topics {
				named(map[string][]int32{topic.Topic: topic.Partitions}, func(name string) { assigned = append(assigned, name) })
			}
		}
		sort.Strings(assigned)
		members = append(members, map[string]any{
			"clientId": each.ClientID, "instanceId": each.InstanceID, "host": each.ClientHost, "assigned": assigned,
		})
	}
	return map[string]any{"state": group.State, "protocol": group.Protocol, "protocolType": group.ProtocolType, "members": members}, nil
}

func listGroups(d *driver, ctx context.Context, r request) (any, error) {
	groups, err := d.admin.ListGroupsByType(ctx, r.texts("types"), r.texts("states")...)
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, each := range groups.Sorted() {
		all = append(all, map[string]any{"group": each.Group, "state": each.State, "protocolType": each.ProtocolType, "type": each.GroupType})
	}
	return all, nil
}

func deleteGroup(d *driver, ctx context.Context, r request) (any, error) {
	answer, err := d.admin.DeleteGroup(ctx, r.text("group"))
	return nil, errors.Join(err, answer.Err)
}

func deleteGroupOffsets(d *driver, ctx context.Context, r request) (any, error) {
	answers, err := d.admin.DeleteOffsets(ctx, r.text("group"), partitionOf(r))
	return nil, errors.Join(err, answers[r.text("topic")][int32(r.number("partition", 0))])
}

func alterGroupOffsets(d *driver, ctx context.Context, r request) (any, error) {
	answers, err := d.admin.CommitOffsets(ctx, r.text("group"), r.offsets("offsets"))
	return nil, errors.Join(err, answers.Error())
}

func removeMember(d *driver, ctx context.Context, r request) (any, error) {
	answers, err := d.admin.LeaveGroup(ctx, kadm.LeaveGroup(r.text("group")).InstanceIDs(r.text("instanceId")))
	if err != nil {
		return nil, err
	}
	return nil, answers[r.text("instanceId")].Err
}

func createPartitions(d *driver, ctx context.Context, r request) (any, error) {
	if _, given := r["assignments"]; given {
		return createAssignedPartitions(d, ctx, r)
	}
	update := d.admin.UpdatePartitions
	if r.yes("validateOnly") {
		update = d.admin.ValidateUpdatePartitions
	}
	answers, err := update(ctx, int(r.number("count", 0)), r.text("topic"))
	return nil, errors.Join(err, answers[r.text("topic")].Err)
}

func alterConfigs(d *driver, ctx context.Context, r request) (any, error) {
	resource := kmsg.NewIncrementalAlterConfigsRequestResource()
	resource.ResourceType, resource.ResourceName = configTypes[r.text("type")], r.text("name")
	change := func(op kmsg.IncrementalAlterConfigOp, name string, value *string) {
		config := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
		config.Name, config.Op, config.Value = name, op, value
		resource.Configs = append(resource.Configs, config)
	}
	for field, op := range map[string]kmsg.IncrementalAlterConfigOp{
		"set": kmsg.IncrementalAlterConfigOpSet, "append": kmsg.IncrementalAlterConfigOpAppend, "subtract": kmsg.IncrementalAlterConfigOpSubtract,
	} {
		for name, value := range r.config(field) {
			change(op, name, &value)
		}
	}
	for _, name := range r.texts("remove") {
		change(kmsg.IncrementalAlterConfigOpDelete, name, nil)
	}
	ask := kmsg.NewPtrIncrementalAlterConfigsRequest()
	ask.Resources, ask.ValidateOnly = append(ask.Resources, resource), r.yes("validateOnly")
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	return nil, kerr.ErrorForCode(answer.Resources[0].ErrorCode)
}

func deleteRecords(d *driver, ctx context.Context, r request) (any, error) {
	offsets := kadm.Offsets{}
	partition := int32(r.number("partition", 0))
	offsets.AddOffset(r.text("topic"), partition, r.number("before", 0), -1)
	answers, err := d.admin.DeleteRecords(ctx, offsets)
	found := answers[r.text("topic")][partition]
	return map[string]any{"lowWatermark": found.LowWatermark}, errors.Join(err, found.Err)
}

func describeLogDirs(d *driver, ctx context.Context, _ request) (any, error) {
	answers, err := d.admin.DescribeAllLogDirs(ctx, nil)
	if err != nil {
		return nil, err
	}
	topics := map[string]bool{}
	answers.Each(func(dir kadm.DescribedLogDir) {
		for topic := range dir.Topics {
			topics[topic] = true
		}
	})
	names := []string{}
	for topic := range topics {
		names = append(names, topic)
	}
	sort.Strings(names)
	return names, nil
}

func describeProducers(d *driver, ctx context.Context, r request) (any, error) {
	answers, err := d.admin.DescribeProducers(ctx, partitionOf(r))
	if err != nil {
		return nil, err
	}
	found := answers[r.text("topic")].Partitions[int32(r.number("partition", 0))]
	all := []any{}
	for _, each := range found.ActiveProducers.Sorted() {
		all = append(all, map[string]any{
			"producerId": each.ProducerID, "epoch": each.ProducerEpoch, "lastSequence": each.LastSequence, "transactionStart": each.CurrentTxnStartOffset,
		})
	}
	return all, found.Err
}

func listTransactions(d *driver, ctx context.Context, r request) (any, error) {
	ask := kmsg.NewPtrListTransactionsRequest()
	ask.StateFilters, ask.DurationFilterMillis = r.texts("states"), r.number("olderThanMs", -1)
	if pattern := r.text("pattern"); pattern != "" {
		ask.TransactionalIDPattern = &pattern
	}
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	all := []any{}
	for _, each := range answer.TransactionStates {
		all = append(all, map[string]any{"transactionalId": each.TransactionalID, "state": each.TransactionState, "producerId": each.ProducerID})
	}
	return all, kerr.ErrorForCode(answer.ErrorCode)
}

func describeTransaction(d *driver, ctx context.Context, r request) (any, error) {
	answers, err := d.admin.DescribeTransactions(ctx, r.text("transactionalId"))
	if err != nil {
		return nil, err
	}
	found := answers[r.text("transactionalId")]
	partitions := []string{}
	found.Topics.EachPartitions(func(topic string, list []int32) {
		named(map[string][]int32{topic: list}, func(name string) { partitions = append(partitions, name) })
	})
	sort.Strings(partitions)
	return map[string]any{
		"state": found.State, "timeoutMs": found.TimeoutMillis, "producerId": found.ProducerID, "epoch": found.ProducerEpoch,
		"partitions": partitions,
	}, found.Err
}

func listReassignments(d *driver, ctx context.Context, r request) (any, error) {
	answers, err := d.admin.ListPartitionReassignments(ctx, partitionOf(r))
	return len(answers), err
}

func describeAcls(d *driver, ctx context.Context, _ request) (any, error) {
	filter := kadm.NewACLs().AnyResource().Allow().AllowHosts().Deny().DenyHosts().Operations().ResourcePatternType(kadm.ACLPatternAny)
	answers, err := d.admin.DescribeACLs(ctx, filter)
	if err != nil {
		return nil, err
	}
	for _, each := range answers {
		if each.Err != nil {
			return nil, each.Err
		}
	}
	return nil, nil
}

// quotaTypes are the types of an entity's parts, by the names of parameters.
var quotaTypes = map[string]string{"user": "user", "client": "client-id", "ip": "ip"}

func quotaOf(r request) kadm.ClientQuotaEntity {
	var entity kadm.ClientQuotaEntity
	for field, kind := range quotaTypes {
		if _, given := r[field]; !given {
			continue
		}
		component := kadm.ClientQuotaEntityComponent{Type: kind}
		if name := r.text(field); name != "" {
			component.Name = &name
		}
		entity = append(entity, component)
	}
	return entity
}

func alterQuotas(d *driver, ctx context.Context, r request) (any, error) {
	entry := kadm.AlterClientQuotaEntry{Entity: quotaOf(r)}
	object, _ := r["set"].(map[string]any)
	for key, value := range object {
		entry.Ops = append(entry.Ops, kadm.AlterClientQuotaOp{Key: key, Value: value.(float64)})
	}
	for _, key := range r.texts("remove") {
		entry.Ops = append(entry.Ops, kadm.AlterClientQuotaOp{Key: key, Remove: true})
	}
	alter := d.admin.AlterClientQuotas
	if r.yes("validateOnly") {
		alter = d.admin.ValidateAlterClientQuotas
	}
	answers, err := alter(ctx, []kadm.AlterClientQuotaEntry{entry})
	if err != nil {
		return nil, err
	}
	return nil, answers[0].Err
}

func describeQuotas(d *driver, ctx context.Context, r request) (any, error) {
	var components []kadm.DescribeClientQuotaComponent
	for _, each := range quotaOf(r) {
		component := kadm.DescribeClientQuotaComponent{Type: each.Type, MatchName: each.Name}
		if each.Name == nil {
			component.MatchType = kmsg.QuotasMatchTypeDefault
		}
		components = append(components, component)
	}
	answers, err := d.admin.DescribeClientQuotas(ctx, true, components)
	all := map[string]float64{}
	for _, each := range answers {
		for _, value := range each.Values {
			all[value.Key] = value.Value
		}
	}
	return all, err
}

func alterScram(d *driver, ctx context.Context, r request) (any, error) {
	change := kadm.UpsertSCRAM{
		User: r.text("user"), Mechanism: kadm.ScramSha256, Iterations: int32(r.number("iterations", 4096)), Password: "secret",
	}
	answers, err := d.admin.AlterUserSCRAMs(ctx, nil, []kadm.UpsertSCRAM{change})
	return nil, errors.Join(err, answers[r.text("user")].Err)
}

func describeScram(d *driver, ctx context.Context, r request) (any, error) {
	answers, err := d.admin.DescribeUserSCRAMs(ctx, r.text("user"))
	if err != nil {
		return nil, err
	}
	found := answers[r.text("user")]
	all := []any{}
	for _, each := range found.CredInfos {
		all = append(all, map[string]any{"mechanism": each.Mechanism.String(), "iterations": each.Iterations})
	}
	return all, found.Err
}

func listConfigResources(d *driver, ctx context.Context, r request) (any, error) {
	ask := kmsg.NewPtrListConfigResourcesRequest()
	answer, err := ask.RequestWith(ctx, d.client)
	if err != nil {
		return nil, err
	}
	if err := kerr.ErrorForCode(answer.ErrorCode); err != nil {
		return nil, err
	}
	kind := kmsg.ConfigResourceTypeTopic
	if asked := r.text("type"); asked != "" {
		kind = configTypes[asked]
	}
	names := []string{}
	for _, each := range answer.ConfigResources {
		if kmsg.ConfigResourceType(each.Type) == kind {
			names = append(names, each.Name)
		}
	}
	return names, nil
}
