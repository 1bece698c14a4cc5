package dev.buzon.monitor;

import java.util.List;

/**
 * What JMX shows of a service.
 *
 * @param health UP or DOWN
 * @param reasons why it is DOWN
 */
public record ServiceStatus(String health, List<String> reasons, List<RouteStatus> routes) {}
