package dev.aiproxy.it;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** A message in the wire format of Protocol Buffers, read without a schema: values by the numbers of their fields. */
final class ProtobufMessage {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED_32 = 5;

    private final Map<Integer, List<Long>> numbers = new HashMap<>();
    private final Map<Integer, List<byte[]>> texts = new HashMap<>();

    private ProtobufMessage() {}

    static ProtobufMessage of(byte[] bytes) {
        ProtobufMessage message = new ProtobufMessage();
        ByteBuffer rest = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (rest.hasRemaining()) {
            long tag = varint(rest);
            message.read((int) (tag >>> 3), (int) (tag & 7), rest);
        }
        return message;
    }

    private void read(int field, int type, ByteBuffer rest) {
        switch (type) {
            case VARINT -> add(field, varint(rest));
            case FIXED_64 -> add(field, rest.getLong());
            case FIXED_32 -> add(field, rest.getInt() & 0xffff_ffffL);
            case LENGTH_DELIMITED -> {
                byte[] value = new byte[(int) varint(rest)];
                rest.get(value);
                texts.computeIfAbsent(field, number -> new ArrayList<>()).add(value);
            }
            default -> throw new AssertionError("no such wire type: " + type);
        }
    }

    private void add(int field, long value) {
        numbers.computeIfAbsent(field, number -> new ArrayList<>()).add(value);
    }

    private static long varint(ByteBuffer rest) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = rest.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    boolean has(int field) {
        return numbers.containsKey(field) || texts.containsKey(field);
    }

    /** The number in a field; zero if it is not there, as the format has it. */
    long number(int field) {
        return numbers.getOrDefault(field, List.of(0L)).get(0);
    }

    String text(int field) {
        return texts.containsKey(field) ? new String(texts.get(field).get(0), StandardCharsets.UTF_8) : "";
    }

    String hex(int field) {
        return texts.containsKey(field)
                ? HexFormat.of().formatHex(texts.get(field).get(0))
                : "";
    }

    List<ProtobufMessage> messages(int field) {
        return texts.getOrDefault(field, List.of()).stream()
                .map(ProtobufMessage::of)
                .toList();
    }
}
