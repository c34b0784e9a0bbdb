/** A scriptable upstream, raw clients, and the benchmark. */
@org.jspecify.annotations.NullMarked
module dev.aiproxy.it {
    requires static transitive org.jspecify;

    exports dev.aiproxy.it;
}
