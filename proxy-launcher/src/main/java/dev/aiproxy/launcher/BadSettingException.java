package dev.aiproxy.launcher;

/** A setting whose value is fine by itself, but not together with others, or not with what is in its file. */
final class BadSettingException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient ConfigKey<?> key;

    /** @param rule what must be, to go after "NAME is 'value', " */
    BadSettingException(ConfigKey<?> key, String rule, Throwable cause) {
        super(rule, cause);
        this.key = key;
    }

    BadSettingException(ConfigKey<?> key, String rule) {
        super(rule);
        this.key = key;
    }

    ConfigKey<?> key() {
        return key;
    }
}
