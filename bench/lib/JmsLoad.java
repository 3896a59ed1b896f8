import java.io.FileInputStream;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import javax.jms.Connection;
import javax.jms.DeliveryMode;
import javax.jms.MessageProducer;
import javax.jms.Session;
import javax.net.ssl.TrustManagerFactory;
import org.apache.activemq.ActiveMQSslConnectionFactory;

/**
 * What broker-load.mjs does, over OpenWire: sixteen sessions send, each of them waits for the confirmation of a message
 * before it sends the next.
 *
 * Arguments: URI, user, password, CA file, queue, number of messages.
 */
public class JmsLoad {
    private static final int SESSIONS = 16;
    private static final String BODY = "x".repeat(200);

    public static void main(String[] args) throws Exception {
        String queue = args[4];
        int messages = Integer.parseInt(args[5]);
        ActiveMQSslConnectionFactory factory = new ActiveMQSslConnectionFactory(args[0]);
        factory.setKeyAndTrustManagers(null, trust(args[3]).getTrustManagers(), null);
        Connection receiving = factory.createConnection(args[1], args[2]);
        Connection sending = factory.createConnection(args[1], args[2]);
        CountDownLatch received = new CountDownLatch(messages);
        Session consumer = receiving.createSession(false, Session.AUTO_ACKNOWLEDGE);
        consumer.createConsumer(consumer.createQueue(queue)).setMessageListener(message -> received.countDown());
        receiving.start();
        sending.start();

        ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
        List<Future<?>> sent = new ArrayList<>();
        long start = System.nanoTime();
        for (int index = 0; index < SESSIONS; index++)
            sent.add(threads.submit(() -> {
                Session session = sending.createSession(false, Session.AUTO_ACKNOWLEDGE);
                MessageProducer producer = session.createProducer(session.createQueue(queue));
                producer.setDeliveryMode(DeliveryMode.PERSISTENT);
                for (int count = 0; count < messages / SESSIONS; count++)
                    producer.send(session.createTextMessage(BODY));
                return null;
            }));
        for (Future<?> each : sent) each.get();
        received.await();
        System.out.println((System.nanoTime() - start) / 1e6);
        System.exit(0);
    }

    private static TrustManagerFactory trust(String file) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (FileInputStream in = new FileInputStream(file)) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
