package dev.aiproxy.it.bench;

import java.io.IOException;

/** Whether an answer is the one that was asked for. */
final class AnswerCheck {
    private String status = "";
    private long expectedBytes;
    private long bytes;

    void begin(Request request) {
        expectedBytes = request.answerBytes();
        bytes = 0;
    }

    void status(String itsStatus) {
        status = itsStatus;
    }

    void body(int pieceBytes) throws IOException {
        requireGood();
        bytes += pieceBytes;
    }

    void end() throws IOException {
        requireGood();
        if (bytes != expectedBytes) {
            throw new IOException(bytes + " bytes came instead of " + expectedBytes);
        }
    }

    private void requireGood() throws IOException {
        if (!status.equals("200")) {
            throw new IOException("status " + status);
        }
    }
}
