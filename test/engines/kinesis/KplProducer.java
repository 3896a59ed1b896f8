import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Future;
import software.amazon.kinesis.producer.KinesisProducer;
import software.amazon.kinesis.producer.KinesisProducerConfiguration;
import software.amazon.kinesis.producer.UserRecordResult;

/**
 * Puts records with the Kinesis Producer Library. Each line of standard input, such as "100 50", asks for 50 records
 * of each key, numbered from 100 on; it answers with how many of them it could put. Ends with its input.
 *
 * Arguments: stream, CA file, keys, and settings such as AggregationMaxCount=2. Endpoint and credentials come from the
 * environment.
 */
public class KplProducer {
    public static void main(String[] args) throws Exception {
        URI endpoint = URI.create(System.getenv("AWS_ENDPOINT_URL"));
        Properties settings = new Properties();
        for (String setting : List.of(args).subList(3, args.length))
            settings.load(new StringReader(setting));
        KinesisProducer producer = new KinesisProducer(KinesisProducerConfiguration.fromProperties(settings)
            .setRegion(System.getenv("AWS_REGION"))
            .setKinesisEndpoint(endpoint.getHost())
            .setKinesisPort(endpoint.getPort())
            .setCloudwatchEndpoint(endpoint.getHost())
            .setCloudwatchPort(endpoint.getPort())
            .setStsEndpoint(endpoint.getHost())
            .setStsPort(endpoint.getPort())
            .setCaCertFile(args[1])
            .setMetricsUploadDelay(1000));
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            String[] parts = order.split(" ");
            int first = Integer.parseInt(parts[0]);
            int each = Integer.parseInt(parts[1]);
            List<Future<UserRecordResult>> results = new ArrayList<>();
            for (int number = first; number < first + each; number++)
                for (String key : args[2].split(","))
                    results.add(producer.addUserRecord(
                        args[0], key, ByteBuffer.wrap(Integer.toString(number).getBytes())));
            int put = 0;
            for (Future<UserRecordResult> result : results) if (result.get().isSuccessful()) put++;
            System.out.println("put " + put);
        }
        producer.destroy();
    }
}
