package main

import (
	"context"
	"fmt"
	"maps"
	"sort"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func offsetOf(from any) kgo.Offset {
	switch value := from.(type) {
	case float64:
		return kgo.NewOffset().At(int64(value))
	case map[string]any:
		return kgo.NewOffset().AfterMilli(int64(value["timestamp"].(float64)))
	case string:
		if value == "latest" {
			return kgo.NewOffset().AtEnd()
		}
	}
	return kgo.NewOffset().AtStart()
}

func fetch(d *driver, ctx context.Context, r request) (any, error) {
	options := []kgo.Opt{kgo.KeepRetryableFetchErrors()}
	if r["partition"] == nil {
		options = append(options, kgo.ConsumeTopics(r.text("topic")), kgo.ConsumeStartOffset(offsetOf(r["from"])))
	} else {
		partition := map[int32]kgo.Offset{int32(r.number("partition", 0)): offsetOf(r["from"])}
		options = append(options, kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{r.text("topic"): partition}))
	}
	if r.text("isolation") == "read_committed" {
		options = append(options, kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	}
	switch r.text("reset") {
	case "none":
		options = append(options, kgo.ConsumeResetOffset(kgo.NoResetOffset()))
	case "earliest":
		options = append(options, kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	case "latest":
		options = append(options, kgo.ConsumeResetOffset(kgo.NewOffset().AtEnd()))
	}
	if r["maxBytes"] != nil {
		options = append(options, kgo.FetchMaxBytes(int32(r.number("maxBytes", 0))))
	}
	if r["maxPartitionBytes"] != nil {
		options = append(options, kgo.FetchMaxPartitionBytes(int32(r.number("maxPartitionBytes", 0))))
	}
	if r["minBytes"] != nil {
		options = append(options, kgo.FetchMinBytes(int32(r.number("minBytes", 1))))
	}
	if r["maxWaitMs"] != nil {
		options = append(options, kgo.FetchMaxWait(time.Duration(r.number("maxWaitMs", 0))*time.Millisecond))
	}
	if r.yes("autoCreate") {
		options = append(options, kgo.AllowAutoTopicCreation())
	}
	client, err := d.connect(options...)
	if err != nil {
		return nil, err
	}
	defer client.Close()
	within, cancel := context.WithTimeout(ctx, time.Duration(r.number("waitMs", 10_000))*time.Millisecond)
	defer cancel()
	lines := []string{}
	for len(lines) < int(r.number("count", 1)) && within.Err() == nil {
		fetches := client.PollFetches(within)
		for _, failure := range fetches.Errors() {
			if within.Err() == nil {
				return nil, failure.Err
			}
		}
		fetches.EachRecord(func(record *kgo.Record) { lines = append(lines, lineOf(record)) })
	}
	return lines, nil
}

// member is a consumer in a group that polls all the time; what came waits to be asked for.
type member struct {
	client   *kgo.Client
	cancel   context.CancelFunc
	lock     sync.Mutex
	lines    []string
	owned    map[string]bool
	revoked  []string
	lost     []string
	problems []string
	lag      map[string]int64
}

func named(partitions map[string][]int32, each func(name string)) {
	for topic, list := range partitions {
		for _, partition := range list {
			each(fmt.Sprintf("%s-%d", topic, partition))
		}
	}
}

var balancers = map[string]kgo.GroupBalancer{
	"range": kgo.RangeBalancer(), "roundrobin": kgo.RoundRobinBalancer(),
	"sticky": kgo.StickyBalancer(), "cooperative-sticky": kgo.CooperativeStickyBalancer(),
}

func join(d *driver, _ context.Context, r request) (any, error) {
	m := &member{owned: map[string]bool{}, lag: map[string]int64{}}
	taken := func(list *[]string) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
			m.lock.Lock()
			defer m.lock.Unlock()
			named(partitions, func(name string) {
				delete(m.owned, name)
				*list = append(*list, name)
			})
		}
	}
	options := []kgo.Opt{
		kgo.ConsumerGroup(r.text("group")),
		kgo.SessionTimeout(time.Duration(r.number("sessionTimeoutMs", 6_000)) * time.Millisecond),
		kgo.HeartbeatInterval(300 * time.Millisecond),
		kgo.OnPartitionsAssigned(func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
			m.lock.Lock()
			defer m.lock.Unlock()
			named(partitions, func(name string) { m.owned[name] = true })
		}),
		kgo.OnPartitionsRevoked(taken(&m.revoked)),
		kgo.OnPartitionsLost(taken(&m.lost)),
	}
	if balancer, ok := balancers[r.text("assignor")]; ok {
		options = append(options, kgo.Balancers(balancer))
	} else {
		options = append(options, kgo.Balancers(balancers["range"]))
	}
	if r.text("protocol") == "consumer" {
		options = append(options, kgo.ServerSideBalancer())
	}
	if pattern := r.text("pattern"); pattern != "" {
		options = append(options, kgo.ConsumeTopics("^"+pattern), kgo.ConsumeRegex())
	} else {
		options = append(options, kgo.ConsumeTopics(r.texts("topics")...))
	}
	if r.text("isolation") == "read_committed" {
		options = append(options, kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	}
	if id := r.text("instanceId"); id != "" {
		options = append(options, kgo.InstanceID(id))
	}
	if r.text("reset") == "latest" {
		options = append(options, kgo.ConsumeResetOffset(kgo.NewOffset().AtEnd()))
	}
	if r.yes("autoCommit") {
		options = append(options, kgo.AutoCommitInterval(200*time.Millisecond))
	} else {
		options = append(options, kgo.DisableAutoCommit())
	}
	client, err := d.connect(options...)
	if err != nil {
		return nil, err
	}
	polling, cancel := context.WithCancel(context.Background())
	m.client, m.cancel = client, cancel
	d.lock.Lock()
	d.members[r.text("scope")+r.text("member")] = m
	d.lock.Unlock()
	go m.poll(polling)
	return nil, nil
}

func (m *member) poll(ctx context.Context) {
	for ctx.Err() == nil {
		fetches := m.client.PollFetches(ctx)
		if fetches.IsClientClosed() {
			return
		}
		m.lock.Lock()
		for _, failure := range fetches.Errors() {
			m.problems = append(m.problems, failure.Err.Error())
		}
		fetches.EachPartition(func(fetched kgo.FetchTopicPartition) {
			for _, record := range fetched.Records {
				m.lines = append(m.lines, lineOf(record))
				m.lag[fmt.Sprintf("%s-%d", fetched.Topic, fetched.Partition)] = fetched.HighWatermark - record.Offset - 1
			}
		})
		m.lock.Unlock()
	}
}

func (d *driver) member(r request) (*member, error) {
	d.lock.Lock()
	defer d.lock.Unlock()
	if known, ok := d.members[r.text("scope")+r.text("member")]; ok {
		return known, nil
	}
	return nil, fmt.Errorf("no member %s", r.text("member"))
}

func status(d *driver, _ context.Context, r request) (any, error) {
	m, err := d.member(r)
	if err != nil {
		return nil, err
	}
	m.lock.Lock()
	defer m.lock.Unlock()
	owned := []string{}
	for name := range m.owned {
		owned = append(owned, name)
	}
	sort.Strings(owned)
	problems := append([]string{}, m.problems...)
	return map[string]any{
		"assigned": owned, "revoked": append([]string{}, m.revoked...), "lost": append([]string{}, m.lost...), "problems": problems,
		"lag": maps.Clone(m.lag),
	}, nil
}

func poll(d *driver, _ context.Context, r request) (any, error) {
	m, err := d.member(r)
	if err != nil {
		return nil, err
	}
	deadline := time.Now().Add(time.Duration(r.number("waitMs", 15_000)) * time.Millisecond)
	count := int(r.number("count", 1))
	for {
		m.lock.Lock()
		if len(m.lines) >= count || time.Now().After(deadline) {
			taken := min(count, len(m.lines))
			lines := append([]string{}, m.lines[:taken]...)
			m.lines = m.lines[taken:]
			m.lock.Unlock()
			return lines, nil
		}
		m.lock.Unlock()
		time.Sleep(20 * time.Millisecond)
	}
}

func commit(d *driver, ctx context.Context, r request) (any, error) {
	m, err := d.member(r)
	if err != nil {
		return nil, err
	}
	var records []*kgo.Record
	for topic, partitions := range r.offsets("offsets") {
		for partition, offset := range partitions {
			records = append(records, &kgo.Record{Topic: topic, Partition: partition, Offset: offset.At - 1, LeaderEpoch: -1})
		}
	}
	return nil, m.client.CommitRecords(ctx, records...)
}

func (m *member) close() {
	m.client.CloseAllowingRebalance()
	m.cancel()
}

func leave(d *driver, _ context.Context, r request) (any, error) {
	m, err := d.member(r)
	if err != nil {
		return nil, err
	}
	d.lock.Lock()
	delete(d.members, r.text("scope")+r.text("member"))
	d.lock.Unlock()
	m.close()
	return nil, nil
}
