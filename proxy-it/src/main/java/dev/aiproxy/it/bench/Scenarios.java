package dev.aiproxy.it.bench;

/** All kinds of work, by name. */
record Scenarios(Options options, Client client, StubProcess stub, Launcher launcher) {
    Scenario named(String name) {
        return switch (name) {
            case "stream" -> new StreamScenario(client, options);
            case "scale" -> new ScaleScenario(client, options);
            case "first" -> new FirstScenario(client, options);
            case "json" -> RequestScenario.json(client, options);
            case "saturation" -> RequestScenario.saturation(client, options);
            case "upload" -> RequestScenario.upload(client, options);
            case "download" -> RequestScenario.download(client, options);
            case "gone" -> new GoneScenario(client, stub);
            case "quiet" -> new QuietScenario(client, options, launcher);
            case "startup" -> new StartupScenario(launcher);
            default -> throw new IllegalArgumentException("no scenario named " + name);
        };
    }
}
