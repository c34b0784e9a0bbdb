package dev.aiproxy.it;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NumericNode;

/** JSON as a tree, so that texts compare equal whatever their spaces, and 1 as 1.0: some SDKs write the one for the other. */
final class Json {
    private static final JsonMapper mapper =
            JsonMapper.builder().nodeFactory(new NumbersAlike()).build();

    private Json() {}

    static JsonNode parse(String text) {
        try {
            return mapper.readTree(text);
        } catch (JsonProcessingException failure) {
            throw new AssertionError("no JSON: " + text, failure);
        }
    }

    /** What a client's own mapper makes of a value of its own. */
    static JsonNode of(Object value, JsonMapper itsMapper) {
        try {
            return parse(itsMapper.writeValueAsString(value));
        } catch (JsonProcessingException failure) {
            throw new AssertionError("not to be written as JSON: " + value, failure);
        }
    }

    /** Makes every number a double. */
    private static final class NumbersAlike extends JsonNodeFactory {
        private static final long serialVersionUID = 1L;

        @Override
        public NumericNode numberNode(int value) {
            return numberNode((double) value);
        }

        @Override
        public NumericNode numberNode(long value) {
            return numberNode((double) value);
        }
    }
}
