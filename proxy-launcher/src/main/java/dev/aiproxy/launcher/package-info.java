/**
 * The command line of the proxy. Start at {@link dev.aiproxy.launcher.Main}.
 *
 * <ul>
 *   <li>Verbs: {@link dev.aiproxy.launcher.Verbs}, and a class for each, such as {@link dev.aiproxy.launcher.RunCommand}.
 *   <li>Settings: {@link dev.aiproxy.launcher.ConfigKey} says which there are, {@link dev.aiproxy.launcher.SettingsLoader} finds
 *       those in effect, {@link dev.aiproxy.launcher.ProxyAssembly} hands them to the library;
 *       {@link dev.aiproxy.launcher.Reloader} does it again.
 *   <li>The proxy that runs: {@link dev.aiproxy.launcher.RunningProxy}, {@link dev.aiproxy.launcher.AccessLog},
 *       {@link dev.aiproxy.launcher.ProcessLog}, {@link dev.aiproxy.launcher.TraceExport}.
 *   <li>The proxy of a home, from outside: {@link dev.aiproxy.launcher.HomeProxy}, {@link dev.aiproxy.launcher.StateFile},
 *       {@link dev.aiproxy.launcher.Starter}, {@link dev.aiproxy.launcher.Stopper},
 *       {@link dev.aiproxy.launcher.Succession}.
 *   <li>Its health and its page: {@link dev.aiproxy.launcher.Admin}, {@link dev.aiproxy.launcher.LiveFeed},
 *       {@link dev.aiproxy.launcher.TopScreen}.
 *   <li>What is wrong, and what to do: {@link dev.aiproxy.launcher.Doctor}.
 *   <li>Services: {@link dev.aiproxy.launcher.Installers}, {@link dev.aiproxy.launcher.ServiceInstallation}.
 * </ul>
 */
package dev.aiproxy.launcher;
