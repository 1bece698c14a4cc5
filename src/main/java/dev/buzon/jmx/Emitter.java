package dev.buzon.jmx;

import java.util.concurrent.atomic.AtomicLong;
import javax.management.MBeanNotificationInfo;
import javax.management.Notification;
import javax.management.NotificationBroadcasterSupport;
import javax.management.ObjectName;

/** An MBean that sends notifications. */
abstract class Emitter extends NotificationBroadcasterSupport {

    private final AtomicLong sequence = new AtomicLong();
    private final ObjectName name;

    Emitter(ObjectName name, MBeanNotificationInfo info) {
        super(info);
        this.name = name;
    }

    final void emit(String type, String message, String userData) {
        Notification notification = new Notification(type, name, sequence.incrementAndGet(), message);
        notification.setUserData(userData);
        sendNotification(notification);
    }
}
