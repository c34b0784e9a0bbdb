/**
 * What a service installer is: from a {@link dev.aiproxy.service.ServiceSpec} it makes a
 * {@link dev.aiproxy.service.ServicePlan}, a list of steps that can be printed, applied and undone. Installers are found
 * through {@link java.util.ServiceLoader}.
 */
package dev.aiproxy.service;
