// franz-go as a driver of scenarios (see drivers/driver.ts).
package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

type request map[string]any

func (r request) text(name string) string {
	value, _ := r[name].(string)
	return value
}

func (r request) number(name string, otherwise int64) int64 {
	if value, ok := r[name].(float64); ok {
		return int64(value)
	}
	return otherwise
}

func (r request) yes(name string) bool {
	value, _ := r[name].(bool)
	return value
}

func (r request) texts(name string) []string {
	var all []string
	list, _ := r[name].([]any)
	for _, each := range list {
		all = append(all, each.(string))
	}
	return all
}

func (r request) config(name string) map[string]string {
	all := map[string]string{}
	object, _ := r[name].(map[string]any)
	for key, value := range object {
		all[key] = value.(string)
	}
	return all
}

// offsets reads [topic, partition, offset]…
func (r request) offsets(name string) kadm.Offsets {
	all := kadm.Offsets{}
	list, _ := r[name].([]any)
	for _, each := range list {
		one := each.([]any)
		all.AddOffset(one[0].(string), int32(one[1].(float64)), int64(one[2].(float64)), -1)
	}
	for _, partitions := range all {
		for partition, offset := range partitions {
			offset.Metadata = r.text("metadata")
			partitions[partition] = offset
		}
	}
	return all
}

type operation func(d *driver, ctx context.Context, r request) (any, error)

type driver struct {
	bootstrap string
	client    *kgo.Client
	admin     *kadm.Client
	lock      sync.Mutex
	producers map[string]*kgo.Client
	members   map[string]*member
}

var output sync.Mutex

func say(message map[string]any) {
	bytes, err := json.Marshal(message)
	if err != nil {
		panic(err)
	}
	output.Lock()
	defer output.Unlock()
	os.Stdout.Write(append(bytes, '\n'))
}

func (d *driver) connect(options ...kgo.Opt) (*kgo.Client, error) {
	common := []kgo.Opt{
		kgo.SeedBrokers(d.bootstrap),
		kgo.ClientID("compat-franz-go"),
		kgo.RetryTimeout(10 * time.Second),
		kgo.MetadataMinAge(50 * time.Millisecond),
		kgo.FetchMaxWait(200 * time.Millisecond),
	}
	return kgo.NewClient(append(common, options...)...)
}

func (d *driver) answer(line []byte) {
	var r request
	if err := json.Unmarshal(line, &r); err != nil {
		panic(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 40*time.Second)
	defer cancel()
	var result any
	var err error
	if known, ok := operations[r.text("op")]; ok {
		result, err = known(d, ctx, r)
	} else {
		err = fmt.Errorf("no operation %s", r.text("op"))
	}
	if err == nil {
		say(map[string]any{"id": r["id"], "result": result})
		return
	}
	answer := map[string]any{"id": r["id"], "error": err.Error()}
	var kafka *kerr.Error
	if errors.As(err, &kafka) {
		answer["code"] = kafka.Code
	}
	say(answer)
}

func main() {
	d := &driver{bootstrap: os.Args[1], producers: map[string]*kgo.Client{}, members: map[string]*member{}}
	client, err := d.connect()
	if err != nil {
		panic(err)
	}
	d.client = client
	d.admin = kadm.NewClient(client)
	d.admin.SetTimeoutMillis(10_000)
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(make([]byte, 1<<20), 1<<28)
	for lines.Scan() {
		line := append([]byte(nil), lines.Bytes()...)
		go d.answer(line)
	}
}

func version() string {
	info, _ := debug.ReadBuildInfo()
	for _, dependency := range info.Deps {
		if dependency.Path == "github.com/twmb/franz-go" {
			return strings.TrimPrefix(dependency.Version, "v")
		}
	}
	return "unknown"
}

func unhex(value any) []byte {
	text := value.(string)
	if text == "-" {
		return nil
	}
	bytes, err := hex.DecodeString(text)
	if err != nil {
		panic(err)
	}
	if bytes == nil {
		bytes = []byte{}
	}
	return bytes
}

func toHex(bytes []byte) string {
	if bytes == nil {
		return "-"
	}
	return hex.EncodeToString(bytes)
}

// lineOf is RecordLine of records.ts.
func lineOf(record *kgo.Record) string {
	headers := make([]string, len(record.Headers))
	for i, header := range record.Headers {
		headers[i] = toHex([]byte(header.Key)) + ":" + toHex(header.Value)
	}
	return fmt.Sprintf("%d\t%d\t%d\t%s\t%s\t%s", record.Partition, record.Offset, record.Timestamp.UnixMilli(),
		toHex(record.Key), toHex(record.Value), strings.Join(headers, ","))
}
