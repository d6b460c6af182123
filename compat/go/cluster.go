package main

import (
	"context"
	"errors"

	"github.com/twmb/franz-go/pkg/kadm"
)

func electLeaders(d *driver, ctx context.Context, r request) (any, error) {
	how := kadm.ElectPreferredReplica
	if r.yes("unclean") {
		how = kadm.ElectLiveReplica
	}
	answers, err := d.admin.ElectLeaders(ctx, how, partitionOf(r))
	return nil, errors.Join(err, answers[r.text("topic")][int32(r.number("partition", 0))].Err)
}

func reassign(d *driver, ctx context.Context, r request) (any, error) {
	var wanted kadm.AlterPartitionAssignmentsReq
	partition := int32(r.number("partition", 0))
	if replicas, ok := r["replicas"].([]any); ok {
		brokers := []int32{}
		for _, each := range replicas {
			brokers = append(brokers, int32(each.(float64)))
		}
		wanted.Assign(r.text("topic"), partition, brokers)
	} else {
		wanted.CancelAssign(r.text("topic"), partition)
	}
	answers, err := d.admin.AlterPartitionAssignments(ctx, wanted)
	return nil, errors.Join(err, answers[r.text("topic")][partition].Err)
}

func moveReplica(d *driver, ctx context.Context, r request) (any, error) {
	directory := r.text("directory")
	if directory == "" {
		found, err := d.admin.DescribeAllLogDirs(ctx, nil)
		if err != nil {
			return nil, err
		}
		found.Each(func(each kadm.DescribedLogDir) { directory = each.Dir })
	}
	var moved kadm.AlterReplicaLogDirsReq
	moved.Add(directory, partitionOf(r))
	answers, err := d.admin.AlterAllReplicaLogDirs(ctx, moved)
	for _, each := range answers.Sorted() {
		err = errors.Join(err, each.Err)
	}
	return nil, err
}

func describeReplica(d *driver, ctx context.Context, r request) (any, error) {
	found, err := d.admin.DescribeAllLogDirs(ctx, partitionOf(r))
	answer := map[string]any{}
	found.Each(func(dir kadm.DescribedLogDir) {
		if each, ok := dir.Topics[r.text("topic")][int32(r.number("partition", 0))]; ok {
			answer = map[string]any{"size": each.Size, "lag": each.OffsetLag, "future": each.IsFuture}
		}
	})
	return answer, err
}

// Kafka's FeatureUpdate.UpgradeType.
var waysToChange = map[string]int8{"": 1, "safe": 2, "unsafe": 3}

func updateFeature(d *driver, ctx context.Context, r request) (any, error) {
	answers, err := d.admin.UpdateFeatures(ctx, r.yes("validateOnly"), kadm.FeatureUpdate{
		Feature: r.text("feature"), MaxVersionLevel: int16(r.number("level", 0)), UpgradeType: waysToChange[r.text("how")],
	})
	return nil, errors.Join(err, answers.Error())
}
