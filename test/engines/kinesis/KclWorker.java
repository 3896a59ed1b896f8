import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.common.KinesisClientUtil;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/**
 * A worker of the Kinesis Client Library that prints what it is given, and shuts down gracefully when its standard
 * input ends.
 *
 * Arguments: stream, application, name of the worker, "polling" or "fan-out". Endpoint and credentials come from the
 * environment.
 */
public class KclWorker {
    public static void main(String[] args) throws Exception {
        String stream = args[0];
        KinesisAsyncClient kinesis =
            KinesisClientUtil.createKinesisAsyncClient(KinesisAsyncClient.builder());
        ConfigsBuilder configs = new ConfigsBuilder(
            new SingleStreamTracker(
                stream,
                InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON)),
            args[1],
            kinesis,
            DynamoDbAsyncClient.create(),
            CloudWatchAsyncClient.create(),
            args[2],
            () -> new Printer(args[2]));
        Scheduler scheduler = new Scheduler(
            configs.checkpointConfig(),
            configs.coordinatorConfig().parentShardPollIntervalMillis(500),
            configs.leaseManagementConfig()
                .failoverTimeMillis(10000)
                .leaseAssignmentIntervalMillis(1000L)
                // It sleeps for so long when it has made the first leases.
                .shardSyncIntervalMillis(1000),
            configs.lifecycleConfig(),
            configs.metricsConfig().metricsBufferTimeMillis(1000),
            configs.processorConfig(),
            args[3].equals("polling")
                ? configs.retrievalConfig().retrievalSpecificConfig(
                    new PollingConfig(stream, kinesis).idleTimeBetweenReadsInMillis(250))
                : configs.retrievalConfig());
        Thread running = new Thread(scheduler);
        running.start();
        while (System.in.read() >= 0) {}
        boolean graceful = scheduler.startGracefulShutdown().get(30, TimeUnit.SECONDS);
        System.exit(graceful ? 0 : 1);
    }

    private static class Printer implements ShardRecordProcessor {
        private final String worker;
        private String shard;

        Printer(String worker) {
            this.worker = worker;
        }

        private void print(String event, String... more) {
            String details = more.length == 0 ? "" : " " + String.join(" ", more);
            System.out.println(event + " " + worker + " " + shard + details);
        }

        @Override
        public void initialize(InitializationInput input) {
            shard = input.shardId();
            print("initialized");
        }

        @Override
        public void processRecords(ProcessRecordsInput input) {
            for (KinesisClientRecord record : input.records())
                print("record", record.partitionKey(), StandardCharsets.UTF_8.decode(record.data()).toString());
            if (!input.records().isEmpty()) checkpoint(input.checkpointer());
        }

        @Override
        public void leaseLost(LeaseLostInput input) {
            print("lost");
        }

        @Override
        public void shardEnded(ShardEndedInput input) {
            print("ended");
            checkpoint(input.checkpointer());
        }

        @Override
        public void shutdownRequested(ShutdownRequestedInput input) {
            checkpoint(input.checkpointer());
        }

        private void checkpoint(RecordProcessorCheckpointer checkpointer) {
            try {
                checkpointer.checkpoint();
            } catch (InvalidStateException | ShutdownException error) {
                print("unsaved");
            }
        }
    }
}
