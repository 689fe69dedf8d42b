#!/usr/bin/env python3
"""Makes the golden file of the eval module with scikit-learn and SciPy.

Usage: make_eval_golden.py > modules/eval/src/test/resources/org/mien/eval/golden.json
Made with scikit-learn 1.2.1, SciPy 1.10.1 and NumPy 1.24.2 (Debian 12). Scores are random numbers
from a fixed seed, not of any face.
"""

import json
import math
import sys

import numpy as np
import scipy
import sklearn
from scipy import stats
from scipy.interpolate import interp1d
from scipy.optimize import brentq, minimize, root
from scipy.special import expit
from sklearn.isotonic import IsotonicRegression
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    balanced_accuracy_score,
    confusion_matrix,
    det_curve,
    log_loss,
    mean_absolute_error,
    mean_squared_error,
    precision_recall_fscore_support,
    roc_auc_score,
    roc_curve,
    top_k_accuracy_score,
)
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.preprocessing import normalize

random = np.random.RandomState(20240917)


def verification(name, genuine, impostor):
    truth = np.r_[np.ones(len(genuine)), np.zeros(len(impostor))]
    scores = np.r_[genuine, impostor]
    fpr, tpr, thresholds = roc_curve(truth, scores, drop_intermediate=False)
    # The way InsightFace and FaceNet find it.
    eer = brentq(lambda x: 1 - x - interp1d(fpr, tpr)(x), 0, 1, xtol=1e-15)
    return {
        "name": name,
        "genuine": list(genuine),
        "impostor": list(impostor),
        "far": list(fpr),
        "tar": list(tpr),
        # The first one stands for infinity and differs between versions of scikit-learn.
        "thresholds": list(thresholds[1:]),
        "auc": roc_auc_score(truth, scores),
        "eer": eer,
    }


def folds(name, scores, genuine, fold):
    """Accuracy over folds straight from the definition: every candidate tried on every pair."""
    rows = []
    for test in range(fold.max() + 1):
        s, g = scores[fold != test], genuine[fold != test]
        distinct = np.unique(s)
        candidates = (
            [distinct[0]]
            + [a / 2 + b / 2 for a, b in zip(distinct[:-1], distinct[1:])]
            + [np.nextafter(distinct[-1], np.inf)]
        )
        right = np.array([((s >= c) == g).sum() for c in candidates])
        ties = np.flatnonzero(right == right.max())
        threshold = candidates[ties[len(ties) // 2]]
        s, g = scores[fold == test], genuine[fold == test]
        rows.append(
            {
                "threshold": threshold,
                "trainingAccuracy": right.max() / (fold != test).sum(),
                "accuracy": ((s >= threshold) == g).mean(),
                "far": (s[~g] >= threshold).mean(),
                "tar": (s[g] >= threshold).mean(),
            }
        )
    accuracy = np.array([row["accuracy"] for row in rows])
    low, high = stats.t.interval(
        0.95, len(rows) - 1, loc=accuracy.mean(), scale=stats.sem(accuracy)
    )
    return {
        "name": name,
        "scores": list(scores),
        "genuine": [bool(g) for g in genuine],
        "fold": [int(f) for f in fold],
        "folds": rows,
        "mean": accuracy.mean(),
        "sampleStandardDeviation": np.std(accuracy, ddof=1),
        "populationStandardDeviation": np.std(accuracy),
        "standardError": stats.sem(accuracy),
        "low": max(0.0, low),
        "high": min(1.0, high),
    }


def classification(name, identities, actual, scores):
    predicted = scores.argmax(axis=1)
    averages = {}
    for average in ("macro", "micro", "weighted"):
        p, r, f, _ = precision_recall_fscore_support(
            actual, predicted, average=average, zero_division=0
        )
        averages[average] = {"precision": p, "recall": r, "f1": f}
    labels = list(range(identities))
    p, r, f, s = precision_recall_fscore_support(
        actual, predicted, labels=labels, zero_division=0
    )
    return {
        "name": name,
        "identities": identities,
        "actual": [int(a) for a in actual],
        "scores": scores.astype(float).tolist(),
        "predicted": [int(i) for i in predicted],
        "accuracy": accuracy_score(actual, predicted),
        "balancedAccuracy": balanced_accuracy_score(actual, predicted),
        "averages": averages,
        "precision": list(p),
        "recall": list(r),
        "f1": list(f),
        "confusion": confusion_matrix(actual, predicted, labels=labels).tolist(),
        "top": {
            str(k): top_k_accuracy_score(actual, scores, k=k, labels=labels) for k in (1, 2, 5)
        },
    }


def centroids(identities, dimension, train, test):
    centres = random.randn(identities, dimension)
    labels = np.arange(train) % identities
    features = (centres[labels] + 0.9 * random.randn(train, dimension)).astype(np.float32)
    # Lengths that differ a lot: scaling each feature first matters.
    features *= np.exp(random.randn(train, 1)).astype(np.float32)
    probes = (centres[np.arange(test) % identities] + 1.2 * random.randn(test, dimension)).astype(
        np.float32
    )
    unit = normalize(features.astype(np.float64))
    means = np.stack([unit[labels == i].mean(axis=0) for i in range(identities)])
    predicted = cosine_similarity(probes.astype(np.float64), means).argmax(axis=1)
    return {
        "identities": identities,
        "features": features.astype(float).tolist(),
        "labels": labels.tolist(),
        "probes": probes.astype(float).tolist(),
        "predicted": predicted.tolist(),
    }


def clopper_pearson():
    rows = []
    for successes, trials in [
        (0, 1), (1, 1), (0, 10), (10, 10), (3, 10), (1, 2), (2976, 3000), (3, 3000), (5952, 6000),
        (0, 3000), (3, 15000000), (14999997, 15000000), (123456, 1000000),
    ]:  # fmt: skip
        for confidence in (0.9, 0.95, 0.99):
            tail = (1 - confidence) / 2
            low = 0.0 if successes == 0 else stats.beta.ppf(tail, successes, trials - successes + 1)
            high = (
                1.0
                if successes == trials
                else stats.beta.ppf(1 - tail, successes + 1, trials - successes)
            )
            rows.append(
                {
                    "successes": successes,
                    "trials": trials,
                    "confidence": confidence,
                    "low": low,
                    "high": high,
                }
            )
    return rows


def detection(name, genuine, impostor):
    """det_curve leaves points out that others imply; those it keeps have their thresholds."""
    truth = np.r_[np.ones(len(genuine)), np.zeros(len(impostor))]
    scores = np.r_[genuine, impostor]
    fpr, fnr, thresholds = det_curve(truth, scores)
    return {
        "name": name,
        "genuine": list(genuine),
        "impostor": list(impostor),
        "fmr": list(fpr),
        "fnmr": list(fnr),
        "thresholds": list(thresholds),
        "averagePrecision": average_precision_score(truth, scores),
        "minCllr": min_cllr(genuine, impostor),
        "logistic": logistic(genuine, impostor),
    }


def softplus(z):
    return np.logaddexp(0, z)


def min_cllr(genuine, impostor):
    scores = np.r_[genuine, impostor]
    truth = np.r_[np.ones(len(genuine)), np.zeros(len(impostor))]
    p = IsotonicRegression(y_min=0, y_max=1).fit_transform(scores, truth)
    with np.errstate(divide="ignore"):
        llr = np.log(p) - np.log1p(-p) - math.log(len(genuine) / len(impostor))
    g, i = llr[: len(genuine)], llr[len(genuine) :]
    return (softplus(-g).mean() + softplus(i).mean()) / (2 * math.log(2))


def logistic(genuine, impostor):
    """Balanced logistic regression with Platt's targets: the root of its gradient."""
    if np.mean(genuine) <= np.mean(impostor):
        return None
    x = np.r_[genuine, impostor]
    g, i = len(genuine), len(impostor)
    target = np.r_[np.full(g, (g + 1) / (g + 2)), np.full(i, 1 / (i + 2))]
    weight = np.r_[np.full(g, 0.5 / g), np.full(i, 0.5 / i)]

    def gradient(ab):
        residual = weight * (expit(ab[0] + ab[1] * x) - target)
        return [residual.sum(), (residual * x).sum()]

    start = minimize(
        lambda ab: (weight * (softplus(ab[0] + ab[1] * x) - target * (ab[0] + ab[1] * x))).sum(),
        [0.0, 1.0],
        jac=lambda ab: np.array(gradient(ab)),
        method="BFGS",
    )
    found = root(gradient, start.x, tol=1e-14).x
    llr = found[0] + found[1] * x
    return {
        "intercept": found[0],
        "slope": found[1],
        "cllr": (softplus(-llr[:g]).mean() + softplus(llr[g:]).mean()) / (2 * math.log(2)),
    }


def published(name, cosines, genuine, fold):
    """Accuracy the way InsightFace, FaceNet (distance_metric=1) and FaceX-Zoo find it."""

    def by_distance(distance):
        accuracies = []
        for test in range(fold.max() + 1):
            candidates = np.arange(0, 4, 0.01)
            train = fold != test
            right = [((distance[train] < c) == genuine[train]).mean() for c in candidates]
            threshold = candidates[np.argmax(right)]
            accuracies.append(((distance[~train] < threshold) == genuine[~train]).mean())
        return {"accuracies": accuracies, "mean": np.mean(accuracies), "spread": np.std(accuracies)}

    accuracies = []
    for test in range(fold.max() + 1):
        train = fold != test
        s, g = cosines[train], genuine[train]
        candidates = s.min() + (s.max() - s.min()) / 1000 * np.arange(1, 1001)
        gap = [(s[g] > c).mean() - (s[~g] > c).mean() for c in candidates]
        threshold = candidates[np.argmax(gap)]
        s, g = cosines[~train], genuine[~train]
        accuracies.append(((s[g] > threshold).sum() + (s[~g] < threshold).sum()) / len(s))
    return {
        "name": name,
        "cosines": list(cosines),
        "genuine": [bool(g) for g in genuine],
        "fold": [int(f) for f in fold],
        "insightface": by_distance(2 - 2 * cosines),
        "facenet-cosine": by_distance(np.arccos(cosines) / np.pi),
        "facex-zoo": {
            "accuracies": accuracies,
            "mean": np.mean(accuracies),
            "spread": stats.sem(accuracies),
        },
    }


def attributes(images, names):
    present = random.rand(images, names) < np.linspace(0.1, 0.9, names)
    scores = np.round(random.randn(images, names) + 1.2 * present, 1).astype(np.float32)
    rows = []
    for a in range(names):
        taken = scores[:, a] >= 0.5
        p, r, f, _ = precision_recall_fscore_support(
            present[:, a], taken, average="binary", zero_division=0
        )
        rows.append(
            {
                "accuracy": accuracy_score(present[:, a], taken),
                "balancedAccuracy": balanced_accuracy_score(present[:, a], taken),
                "precision": p,
                "recall": r,
                "f1": f,
                "averagePrecision": average_precision_score(present[:, a], scores[:, a]),
            }
        )
    return {
        "scores": scores.astype(float).tolist(),
        "labels": present.astype(int).tolist(),
        "attributes": rows,
        "meanAveragePrecision": average_precision_score(present, scores, average="macro"),
    }


def ages(images):
    actual = np.round(random.uniform(1, 80, images), 1)
    estimated = actual + np.round(6 * random.randn(images), 2)
    return {
        "actual": list(actual),
        "estimated": list(estimated),
        "mae": mean_absolute_error(actual, estimated),
        "rmse": mean_squared_error(actual, estimated, squared=False),
    }


def softmax_losses(name, actual, scores):
    probabilities = np.exp(scores.astype(np.float64))
    probabilities /= probabilities.sum(axis=1, keepdims=True)
    labels = list(range(scores.shape[1]))
    return {
        "name": name,
        "probabilities": probabilities.tolist(),
        "actual": [int(a) for a in actual],
        "logLoss": log_loss(actual, probabilities, labels=labels),
    }


def order_statistics():
    rows = []
    for n, rate in [(3000, 1e-2), (3000, 1e-3), (30000, 1e-3), (600, 0.05)]:
        above = stats.binom(n, rate)
        i = max(i for i in range(n) if i == 0 or above.cdf(i - 1) <= 0.025)
        j = min(j for j in range(1, n + 1) if above.sf(j - 1) <= 0.025)
        k = math.floor(round(n * rate, 6))
        fmr = stats.beta(k + 1, n - k)
        rows.append(
            {
                "impostors": n,
                "rate": rate,
                "lowRank": j,
                "highRank": i,
                "fmrLow": fmr.ppf(0.025),
                "fmrHigh": fmr.ppf(0.975),
            }
        )
    return rows


def kfold_case(count, folds_count, decimals):
    genuine = np.arange(count) % 2 == 0
    scores = np.round(random.randn(count) + 1.5 * genuine, decimals) + 0.0
    return scores, genuine, (np.arange(count) * folds_count) // count


def logits(count, identities, noise, absent=(), never=()):
    actual = random.choice([i for i in range(identities) if i not in absent], count)
    scores = noise * random.randn(count, identities)
    scores[np.arange(count), actual] += 1.5
    for identity in never:
        scores[:, identity] -= 100
    return actual, scores.astype(np.float32)


golden = {
    "made with": {
        "scikit-learn": sklearn.__version__,
        "scipy": scipy.__version__,
        "numpy": np.__version__,
    },
    "verification": [
        verification("distinct", random.randn(35) + 1.2, random.randn(60)),
        verification(
            "heavy ties",
            np.round(random.randn(70) + 1, 0) + 0.0,
            np.round(random.randn(90), 0) + 0.0,
        ),
        verification(
            "some ties", np.round(random.randn(50) + 2, 1) + 0.0, np.round(random.randn(80), 1) + 0.0
        ),
        verification("all equal", np.full(5, 0.25), np.full(7, 0.25)),
        verification("separated", np.array([0.7, 0.8, 0.9]), np.array([-0.1, 0.2, 0.2, 0.3])),
        verification("reversed", np.array([-0.7, -0.8]), np.array([0.1, 0.2, 0.2])),
        verification("one of each", np.array([0.5]), np.array([0.25])),
    ],
    "folds": [
        folds("distinct", *kfold_case(120, 10, 12)),
        folds("ties", *kfold_case(90, 5, 1)),
        folds("heavy ties", *kfold_case(60, 3, 0)),
    ],
    "classification": [
        classification("balanced noise", 8, *logits(90, 8, 1.0)),
        classification(
            "absent and never predicted", 9, *logits(80, 9, 1.1, absent=(2, 5), never=(5, 7))
        ),
        classification("all right", 6, *logits(30, 6, 0.01)),
    ],
    "centroids": centroids(7, 6, 35, 40),
    "clopperPearson": clopper_pearson(),
    "normalDeviates": [
        {"rate": rate, "deviate": stats.norm.ppf(rate)}
        for rate in (1e-9, 1e-6, 1e-4, 1e-3, 0.01, 0.1, 0.25, 0.5, 0.6, 0.9, 0.99, 0.999999)
    ],
}

# Drawn after all others, so that those stay as they were.
golden["detection"] = [
    detection("distinct", random.randn(40) + 1.2, random.randn(60)),
    detection("ties", np.round(random.randn(50) + 1, 1) + 0.0, np.round(random.randn(70), 1) + 0.0),
    detection("heavy ties", np.round(random.randn(60) + 1) + 0.0, np.round(random.randn(80)) + 0.0),
    detection("separated", np.array([0.7, 0.8, 0.9]), np.array([-0.1, 0.2, 0.2, 0.3])),
    detection("reversed", np.array([-0.7, -0.8]), np.array([0.1, 0.2, 0.2])),
]
golden["published"] = [
    published("distinct", *(lambda s, g, f: (np.tanh(s / 3), g, f))(*kfold_case(120, 10, 12))),
    published("ties", *(lambda s, g, f: (np.round(np.tanh(s / 3), 2), g, f))(*kfold_case(90, 5, 1))),
]
golden["attributes"] = attributes(60, 4)
golden["ages"] = ages(80)
golden["logLoss"] = [
    softmax_losses("soft", *logits(40, 5, 1.0)),
    softmax_losses("certain", *(lambda a, s: (a, s * 30))(*logits(30, 4, 1.0))),
]
golden["orderStatistics"] = order_statistics()


def plain(value):
    if isinstance(value, dict):
        return {key: plain(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, np.floating):
        value = float(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a JSON number")
    return value


json.dump(plain(golden), sys.stdout, separators=(",", ":"))
sys.stdout.write("\n")
