package org.mien.eval.fairness;

/**
 * The false match rate of impostor pairs between two groups, or within one.
 *
 * @param groupA the earlier group
 * @param groupB the later group, or the same
 * @param fmr of pairs with one image in each; without a rate where the protocol has no such pairs
 */
public record CrossGroupRate(String groupA, String groupB, GroupRate fmr) {}
