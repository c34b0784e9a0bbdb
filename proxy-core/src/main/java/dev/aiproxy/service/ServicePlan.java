package dev.aiproxy.service;

import java.util.List;

/**
 * What has to be done, in order; making it touches nothing.
 *
 * @param summary one line for people: what the steps achieve
 * @param steps the steps in order
 */
public record ServicePlan(String summary, List<ServiceStep> steps) {

    /** Copies the steps. */
    public ServicePlan {
        steps = List.copyOf(steps);
    }
}
