package dev.aiproxy.internal;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection, passed through. Jetty's own connection classes work on any {@link EndPoint}, so a subclass can
 * stand between them and the socket (or TLS) without reaching into Jetty's internal packages, which are closed to modules.
 */
abstract class EndPointWrapper implements EndPoint, EndPoint.Wrapper {

    private final EndPoint endPoint;

    EndPointWrapper(EndPoint endPoint) {
        this.endPoint = endPoint;
    }

    @Override
    public final EndPoint unwrap() {
        return endPoint;
    }

    /** The end of the connection that is nearest to the socket, below TLS. */
    final EndPoint bottom() {
        EndPoint bottom = endPoint;
        while (bottom instanceof EndPoint.Wrapper wrapper) {
            bottom = wrapper.unwrap();
        }
        return bottom;
    }

    @Override
    public int fill(ByteBuffer buffer) throws IOException {
        return endPoint.fill(buffer);
    }

    @Override
    public void fillInterested(Callback callback) {
        endPoint.fillInterested(callback);
    }

    @Override
    public boolean tryFillInterested(Callback callback) {
        return endPoint.tryFillInterested(callback);
    }

    @Override
    public boolean isFillInterested() {
        return endPoint.isFillInterested();
    }

    @Override
    public boolean flush(ByteBuffer... buffers) throws IOException {
        return endPoint.flush(buffers);
    }

    @Override
    public void write(Callback callback, ByteBuffer... buffers) {
        endPoint.write(callback, buffers);
    }

    @Override
    public final @Nullable Callback cancelWrite(Throwable cause) {
        return endPoint.cancelWrite(cause);
    }

    @Override
    public final SocketAddress getLocalSocketAddress() {
        return endPoint.getLocalSocketAddress();
    }

    @Override
    public final SocketAddress getRemoteSocketAddress() {
        return endPoint.getRemoteSocketAddress();
    }

    @Override
    public final boolean isOpen() {
        return endPoint.isOpen();
    }

    @Override
    public final long getCreatedTimeStamp() {
        return endPoint.getCreatedTimeStamp();
    }

    @Override
    public final void shutdownOutput() {
        endPoint.shutdownOutput();
    }

    @Override
    public final boolean isOutputShutdown() {
        return endPoint.isOutputShutdown();
    }

    @Override
    public final boolean isInputShutdown() {
        return endPoint.isInputShutdown();
    }

    @Override
    public final void close(@Nullable Throwable cause) {
        endPoint.close(cause);
    }

    @Override
    public final Object getTransport() {
        return endPoint.getTransport();
    }

    @Override
    public final long getIdleTimeout() {
        return endPoint.getIdleTimeout();
    }

    @Override
    public final void setIdleTimeout(long idleTimeout) {
        endPoint.setIdleTimeout(idleTimeout);
    }

    @Override
    public final Connection getConnection() {
        return endPoint.getConnection();
    }

    @Override
    public final void setConnection(Connection connection) {
        endPoint.setConnection(connection);
    }

    @Override
    public final void onOpen() {
        endPoint.onOpen();
    }

    @Override
    public final void onClose(@Nullable Throwable cause) {
        endPoint.onClose(cause);
    }

    @Override
    public final void upgrade(Connection newConnection) {
        endPoint.upgrade(newConnection);
    }

    @Override
    public @Nullable SslSessionData getSslSessionData() {
        return endPoint.getSslSessionData();
    }
}
