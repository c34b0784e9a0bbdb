package dev.aiproxy.launcher;

import dev.aiproxy.Exchange;
import dev.aiproxy.ExchangeEnd;
import dev.aiproxy.TraceContext;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** The exchanges that ended last. Safe for any threads; what they do here takes next to no time. */
final class LastEnds {

    static final int MOST = 100;

    /** A head may have 64 KB and more in one path; a page needs no more than this. */
    private static final int LONGEST_TEXT = 200;

    private final Deque<ExchangeEnd> ends = new ArrayDeque<>(MOST);

    synchronized void add(ExchangeEnd end) {
        if (ends.size() == MOST) {
            ends.removeFirst();
        }
        ends.addLast(end);
    }

    List<ExchangeEnd> newestFirst() {
        List<ExchangeEnd> newest = copy();
        Collections.reverse(newest);
        return newest;
    }

    private synchronized List<ExchangeEnd> copy() {
        return new ArrayList<>(ends);
    }

    /** The same end with texts that are bounded, whatever the client has sent, and without its trace, which nobody is shown. */
    static ExchangeEnd shortened(ExchangeEnd end) {
        Exchange exchange = end.exchange();
        Exchange shortened = shortened(exchange);
        return shortened == exchange
                ? end
                : new ExchangeEnd(
                        shortened,
                        end.outcome(),
                        end.status(),
                        end.errorCode(),
                        end.requestBytes(),
                        end.responseBytes(),
                        end.timeToResponse(),
                        end.timeToFirstByte(),
                        end.duration(),
                        end.queueTime(),
                        end.connectTime(),
                        end.timeToLastByte(),
                        end.relayTime(),
                        end.requestId(),
                        end.answer(),
                        end.verdict());
    }

    /** The same for an exchange. */
    static Exchange shortened(Exchange exchange) {
        boolean isShort = exchange.trace().equals(TraceContext.NONE)
                && exchange.method().length() <= LONGEST_TEXT
                && exchange.path().length() <= LONGEST_TEXT
                && exchange.query().length() <= LONGEST_TEXT;
        return isShort
                ? exchange
                : new Exchange(
                        exchange.id(),
                        exchange.startedAt(),
                        exchange.client(),
                        exchange.clientName(),
                        shortened(exchange.method()),
                        shortened(exchange.path()),
                        shortened(exchange.query()),
                        exchange.httpVersion(),
                        TraceContext.NONE);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT) + "...";
    }
}
