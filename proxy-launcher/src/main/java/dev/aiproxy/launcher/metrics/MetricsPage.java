package dev.aiproxy.launcher.metrics;

import dev.aiproxy.launcher.admin.AdminAnswer;
import dev.aiproxy.launcher.admin.AdminPage;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** All metrics, as OpenMetrics for whoever asks for that, else as Prometheus' older text. */
final class MetricsPage implements AdminPage {

    private final PrometheusRegistry registry;
    private final ExpositionFormatWriter text = PrometheusTextFormatWriter.create();
    private final ExpositionFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

    MetricsPage(PrometheusRegistry registry) {
        this.registry = registry;
    }

    @Override
    public boolean isAt(String path) {
        return path.equals("/metrics");
    }

    @Override
    public void answer(Request request, Response response, Callback callback) throws IOException {
        String accepted = String.join(",", request.getHeaders().getValuesList(HttpHeader.ACCEPT));
        ExpositionFormatWriter writer = openMetrics.accepts(accepted) ? openMetrics : text;
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        writer.write(written, registry.scrape());
        new AdminAnswer(200, writer.getContentType(), written.toString(StandardCharsets.UTF_8))
                .send(response, callback);
    }
}
