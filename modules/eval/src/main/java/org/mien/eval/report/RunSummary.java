package org.mien.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * What was run on what, for the head of the page.
 *
 * @param run name of the run (its folder)
 * @param model the network in a few words, such as {@code mobilefacenet-512, frozen, with a trained
 *     512-d head}, or null
 * @param imageOrigin where the tested images come from, as a noun phrase that completes "These
 *     images come from ...", such as {@code LFW deep-funneled (news photographs)}, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunSummary(String run, String model, String imageOrigin) {}
