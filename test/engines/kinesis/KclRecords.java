import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/**
 * Prints what the Kinesis Client Library makes of records. Each line of standard input has the hash keys at which a
 * shard begins and ends, the partition key of a record of it, and its data as Base64; it answers with a line of the
 * keys and texts that a consumer of that shard is given. Ends with its input.
 */
public class KclRecords {
    public static void main(String[] args) throws Exception {
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            String[] parts = line.split(" ");
            KinesisClientRecord record = KinesisClientRecord.builder()
                .partitionKey(parts[2])
                .data(ByteBuffer.wrap(Base64.getDecoder().decode(parts[3])))
                .build();
            StringBuilder answer = new StringBuilder();
            for (KinesisClientRecord given : new AggregatorUtil().deaggregate(List.of(record), parts[0], parts[1]))
                answer.append(given.partitionKey())
                    .append(StandardCharsets.UTF_8.decode(given.data()))
                    .append(' ');
            System.out.println(answer.toString().trim());
        }
    }
}
