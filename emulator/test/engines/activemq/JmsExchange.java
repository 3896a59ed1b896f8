import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStreamReader;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import javax.jms.Connection;
import javax.jms.DeliveryMode;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.MessageConsumer;
import javax.jms.MessageProducer;
import javax.jms.Session;
import javax.jms.TextMessage;
import javax.net.ssl.TrustManagerFactory;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.ActiveMQSslConnectionFactory;

/**
 * Sends messages over OpenWire while it receives them. It says when half of them have been sent, acknowledges nothing
 * before it is told to, and ends when every message has arrived.
 *
 * Arguments: URI, user, password, CA file, number of messages.
 */
public class JmsExchange {
    public static void main(String[] args) throws Exception {
        int messages = Integer.parseInt(args[4]);
        ActiveMQSslConnectionFactory factory = new ActiveMQSslConnectionFactory(args[0]);
        factory.setKeyAndTrustManagers(null, trust(args[3]).getTrustManagers(), null);
        factory.getPrefetchPolicy().setQueuePrefetch(1000);
        Connection connection = factory.createConnection(args[1], args[2]);
        connection.start();

        Map<String, Integer> deliveries = new ConcurrentHashMap<>();
        Map<String, Message> held = new LinkedHashMap<>();
        boolean[] acknowledging = {false};
        CountDownLatch arrived = new CountDownLatch(1);
        Session receiving = connection.createSession(false, ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE);
        MessageConsumer consumer = receiving.createConsumer(receiving.createQueue("jms-orders"));
        consumer.setMessageListener(message -> {
            try {
                synchronized (held) {
                    deliveries.merge(((TextMessage) message).getText(), 1, Integer::sum);
                    if (acknowledging[0]) message.acknowledge();
                    else held.put(message.getJMSMessageID(), message);
                    if (acknowledging[0] && deliveries.size() == messages) arrived.countDown();
                }
            } catch (JMSException error) {
                throw new IllegalStateException(error);
            }
        });

        Thread acknowledge = new Thread(() -> {
            try {
                new BufferedReader(new InputStreamReader(System.in)).readLine();
                synchronized (held) {
                    acknowledging[0] = true;
                    for (Message message : held.values()) message.acknowledge();
                    if (deliveries.size() == messages) arrived.countDown();
                }
            } catch (Exception error) {
                throw new IllegalStateException(error);
            }
        });
        acknowledge.setDaemon(true);
        acknowledge.start();

        Session sending = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = sending.createProducer(sending.createQueue("jms-orders"));
        producer.setDeliveryMode(DeliveryMode.PERSISTENT);
        for (int index = 1; index <= messages; index++) {
            producer.send(sending.createTextMessage("message " + index));
            if (index == messages / 2) System.out.println("half");
        }
        arrived.await();
        long again = deliveries.values().stream().filter(count -> count > 1).count();
        System.out.println("received " + deliveries.size() + " again " + again);
        connection.close();
    }

    private static TrustManagerFactory trust(String file) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (FileInputStream in = new FileInputStream(file)) {
            store.setCertificateEntry(
                "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory factory =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory;
    }
}
