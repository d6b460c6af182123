package main

import (
	"context"
	"encoding/json"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

var codecs = map[string]kgo.CompressionCodec{
	"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
	"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
}

// partitioner takes the partition of a record that names one, else hashes its key as Kafka does.
type partitioner struct{ hashed kgo.TopicPartitioner }

func (p partitioner) RequiresConsistency(*kgo.Record) bool { return true }

func (p partitioner) Partition(record *kgo.Record, count int) int {
	if record.Partition >= 0 {
		return int(record.Partition)
	}
	return p.hashed.Partition(record, count)
}

func (d *driver) producer(r request) (*kgo.Client, error) {
	name, _ := json.Marshal([]any{r["producer"], r["acks"], r["compression"], r["idempotent"]})
	key := string(name)
	if r["producer"] != nil {
		key = r.text("scope") + r.text("producer")
	}
	d.lock.Lock()
	defer d.lock.Unlock()
	if known, ok := d.producers[key]; ok {
		return known, nil
	}
	hashed := kgo.StickyKeyPartitioner(nil)
	options := []kgo.Opt{
		kgo.RecordPartitioner(kgo.BasicConsistentPartitioner(func(topic string) func(*kgo.Record, int) int {
			return partitioner{hashed.ForTopic(topic)}.Partition
		})),
		kgo.AllowAutoTopicCreation(),
		kgo.UnknownTopicRetries(25),
		kgo.ProducerBatchMaxBytes(8 << 20),
		kgo.BrokerMaxWriteBytes(100 << 20),
		kgo.ProducerBatchCompression(codecs["none"]),
		// All that a step sends to a partition is one batch: it lingers until the flush.
		kgo.ProducerLinger(time.Second),
	}
	if codec, ok := codecs[r.text("compression")]; ok {
		options = append(options, kgo.ProducerBatchCompression(codec))
	}
	switch r.number("acks", -1) {
	case 0:
		options = append(options, kgo.RequiredAcks(kgo.NoAck()), kgo.DisableIdempotentWrite())
	case 1:
		options = append(options, kgo.RequiredAcks(kgo.LeaderAck()), kgo.DisableIdempotentWrite())
	default:
		if !r.yes("idempotent") && r["transactionalId"] == nil {
			options = append(options, kgo.DisableIdempotentWrite())
		}
	}
	if id := r.text("transactionalId"); id != "" {
		timeout := time.Duration(r.number("transactionTimeoutMs", 10_000)) * time.Millisecond
		options = append(options, kgo.TransactionalID(id), kgo.TransactionTimeout(timeout))
	}
	client, err := d.connect(options...)
	if err != nil {
		return nil, err
	}
	d.producers[key] = client
	return client, nil
}

func produce(d *driver, ctx context.Context, r request) (any, error) {
	client, err := d.producer(r)
	if err != nil {
		return nil, err
	}
	var records []*kgo.Record
	for _, each := range r["records"].([]any) {
		wire := each.([]any)
		record := &kgo.Record{Topic: r.text("topic"), Partition: -1, Key: unhex(wire[2]), Value: unhex(wire[3])}
		if partition, ok := wire[0].(float64); ok {
			record.Partition = int32(partition)
		}
		if timestamp, ok := wire[1].(float64); ok {
			record.Timestamp = time.UnixMilli(int64(timestamp))
		}
		for _, header := range wire[4].([]any) {
			pair := header.([]any)
			record.Headers = append(record.Headers, kgo.RecordHeader{Key: pair[0].(string), Value: unhex(pair[1])})
		}
		records = append(records, record)
	}
	within, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	outcomes := make(chan error, len(records))
	for _, record := range records {
		client.Produce(within, record, func(_ *kgo.Record, err error) { outcomes <- err })
	}
	if err := client.Flush(within); err != nil {
		return nil, err
	}
	for range records {
		if err := <-outcomes; err != nil {
			return nil, err
		}
	}
	if r.number("acks", -1) == 0 {
		return nil, nil
	}
	offsets := make([]int64, len(records))
	for i, record := range records {
		offsets[i] = record.Offset
	}
	return offsets, nil
}

func initTransactions(d *driver, ctx context.Context, r request) (any, error) {
	client, err := d.producer(r)
	if err != nil {
		return nil, err
	}
	_, _, err = client.ProducerID(ctx)
	return nil, err
}

func beginTransaction(d *driver, _ context.Context, r request) (any, error) {
	client, err := d.producer(r)
	if err != nil {
		return nil, err
	}
	return nil, client.BeginTransaction()
}

func endTransaction(commit kgo.TransactionEndTry) operation {
	return func(d *driver, ctx context.Context, r request) (any, error) {
		client, err := d.producer(r)
		if err != nil {
			return nil, err
		}
		if !bool(commit) {
			if err := client.AbortBufferedRecords(ctx); err != nil {
				return nil, err
			}
		}
		return nil, client.EndTransaction(ctx, commit)
	}
}
