/* The small reference rule set in C99: what a good C programmer gets out of the same rules, on the same records.
 *
 * Serves benchmarks/reference_in_c.py, which writes layout.h from the NumPy record layouts, builds this file with
 * -O3 -march=native -ffp-contract=off and calls live() once a calendar month. Same draws (SplitMix64 by address, AS 241,
 * Marsaglia and Tsang), same early exit by a bound on the utility, same arithmetic in the same order as the engine, so that
 * shoppers and ledger are equal to the bit. Left out are the mechanisms that the reference scenario switches off: goodwill,
 * reference price, forward buying, padding, goals, paid membership, rival, season, first orders.
 * Letters: s the shopper, t the terms of the tier, p the programme, b the behaviour, m the market, row the ledger line. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include "layout.h"

#define RULE static inline __attribute__((always_inline))
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* keyed random numbers */

RULE uint64_t mix(uint64_t word)
{
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9u;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBu;
    return word ^ (word >> 31);
}

RULE double as_share(uint64_t word) { return ((double)(int64_t)(word >> 12) + 0.5) * 0x1p-52; }

RULE double uniform(uint64_t key, uint64_t purpose) { return as_share(mix(key + (purpose + 1) * GOLDEN)); }

/* AS 241 (Wichura, 1988) */
RULE double normal_quantile(double share)
{
    double q = share - 0.5;
    if (fabs(q) <= 0.425) {
        double r = 0.180625 - q * q;
        double above = (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.387132872796366608);
        double below = (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
                + 42.313330701600911252) * r + 1.0);
        return q * above / below;
    }
    double r = sqrt(-log(q < 0.0 ? share : 1.0 - share)), value;
    if (r <= 5.0) {
        r -= 1.6;
        value = (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
                + 4.6303378461565452959) * r + 1.42343711074968357734)
            / (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
                + 2.05319162663775882187) * r + 1.0);
    } else {
        r -= 5.0;
        value = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
                + 5.4637849111641143699) * r + 6.6579046435011037772)
            / (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
                + 0.59983220655588793769) * r + 1.0);
    }
    return q < 0.0 ? -value : value;
}

/* gamma with scale 1 and a shape of at least 1 (Marsaglia and Tsang, 2000) */
RULE double gamma_draw(uint64_t key, double shape)
{
    const double d = shape - 0.3333333333333333, c = 1.0 / sqrt(9.0 * d);
    for (uint64_t attempt = 0;; attempt++) {
        double x = normal_quantile(uniform(key, BASKET + ATTEMPT_STEP * attempt));
        double v = 1.0 + c * x;
        if (v <= 0.0)
            continue;
        v = v * v * v;
        double u = uniform(key, BASKET_ACCEPTANCE + ATTEMPT_STEP * attempt);
        if (u < 1.0 - 0.0331 * (x * x * x * x) || log(u) < 0.5 * x * x + d * (1.0 - v + log(v)))
            return d * v;
    }
}

/* rules of a visit */

RULE int64_t smaller(int64_t left, int64_t right) { return left < right ? left : right; }

RULE unsigned lot_of(int64_t month) { return (unsigned)(month + LOT_MONTHS) % LOT_MONTHS; }

RULE bool may_redeem(const shopper *s, const programme *p)
{
    return s->points_balance > 0 && s->points_balance >= p->minimum_points;
}

RULE int64_t points_earned(int64_t paid, const terms *t, const programme *p)
{
    return paid / p->earn_per * p->earn_points * t->earn_multiplier / 100;
}

RULE bool chooses_to_redeem(const shopper *s, int64_t value, int64_t list_value, const programme *p, const behaviour *b,
                            const market *m, int64_t day, uint64_t k)
{
    double utility = s->redemption_inertia + b->redemption_slope * log((double)value / (0.10 * (double)list_value));
    int32_t expiring = s->lots[lot_of(m->month - p->expiry_months)];
    if (expiring > 0)
        utility += b->expiry_urgency * exp((double)(day - m->next_month_start) / b->expiry_horizon) * expiring
            / s->points_balance;
    return uniform(k, REDEMPTION) < 1.0 / (1.0 + exp(-utility));
}

static __attribute__((noinline)) void shop(shopper *s, const terms *t, const programme *p, const behaviour *b,
                                           const market *m, ledger *row, double hurdle, int64_t day, uint64_t k)
{
    s->lifetime_left -= (double)(day - s->settled_day);
    s->settled_day = (int16_t)day;

    double value = gamma_draw(k, m->basket_shape) * s->basket_scale * t->basket_lift * m->basket_factor;
    int64_t list_value = (int64_t)(value + 0.5);
    if (list_value < 1)
        list_value = 1;
    const int64_t discount = list_value * t->discount / 10000, goods = list_value - discount;
    const int64_t fee = goods >= t->free_shipping_from ? 0 : p->shipping_fee;
    int64_t by_points = 0;
    if (may_redeem(s, p)) {
        by_points = smaller(s->points_balance * p->redeem_value / p->redeem_points, goods * p->maximum_share / 10000);
        if (by_points <= 0 || !chooses_to_redeem(s, by_points, list_value, p, b, m, day, k))
            by_points = 0;
    }
    const int64_t paid = goods - by_points, points = points_earned(paid, t, p);

    const double worth = (double)(points * p->redeem_value) / (double)p->redeem_points;
    double felt = (double)goods + b->shipping_weight * (double)fee;
    felt -= b->earning_weight * worth + b->redeeming_weight * (double)by_points;
    const double ratio = felt / (double)list_value;
    const double pull = m->price_sensitivity * (-b->price_response * log(ratio > 0.05 ? ratio : 0.05));
    if (s->base_logit + s->response * pull <= hurdle)
        return;

    const int64_t waived = p->shipping_fee - fee, cost = list_value * m->cost_share / 10000;
    const int64_t payment = paid + fee > 0 ? (paid + fee) * m->payment_share / 10000 + m->payment_fixed : 0;
    row->orders += 1;
    row->list_value += list_value;
    row->gmv += goods;
    if (t->discount_kind == TIER_DISCOUNT)
        row->tier_discount += discount;
    row->shipping_charged += fee;
    if (goods >= p->shipping_free_from)
        row->shipping_waived_by_threshold += waived;
    else
        row->shipping_waived_by_status += waived;
    row->cost_of_goods += cost;
    row->shipping_cost += m->shipping_cost;
    row->payment_cost += payment;
    if (by_points > 0) {
        const int64_t used = (by_points * p->redeem_points + p->redeem_value - 1) / p->redeem_value;
        s->points_balance -= (int32_t)used;
        int64_t left = used;
        for (int64_t age = p->expiry_months; left > 0; age--) {
            int32_t *lot = &s->lots[lot_of(m->month - age)];
            const int64_t taken = smaller(left, *lot);
            *lot -= (int32_t)taken;
            left -= taken;
        }
        row->points_redeemed += used;
        row->points_paid += by_points;
    }
    s->points_balance += (int32_t)points;
    s->lots[lot_of(m->month)] += (int32_t)points;
    row->points_issued += points;
    s->orders += 1;
    s->last_order_day = (int16_t)day;
    s->gmv += goods;
    s->benefit_cost += discount + by_points + waived;
    s->margin += paid + fee - cost - m->shipping_cost - payment;
    const int64_t counted = smaller(goods, LARGEST_HOLDING - s->window_spend);
    s->month_spend[(unsigned)m->month % WINDOW_MONTHS] += (int32_t)counted;
    s->window_spend += (int32_t)counted;
}

/* One candidate day; returns the shopper's next one. */
RULE int64_t visit(shopper *s, const terms *t, const programme *p, const behaviour *b, const market *m, ledger *row,
                   int64_t day, uint64_t key)
{
    const uint64_t k = mix(key ^ ((uint64_t)(day + 1) * DAY_STEP));
    const double gap = -log(as_share(k)) * s->visit_gap;
    const int64_t next = gap >= (double)(LAST_DAY - day - 1) ? NEVER : day + 1 + (int64_t)gap;
    if (m->attendance < 1.0 && uniform(k, ATTENDANCE) >= m->attendance)
        return next;
    if (UNLIKELY(s->lifetime_left <= (double)(day - s->settled_day))) {
        s->lifetime_left -= (double)(day - s->settled_day);
        s->settled_day = (int16_t)day;
        s->status |= LAPSED;
        row->lapses += 1;
        return NEVER;
    }
    row->visits += 1;
    const double share = uniform(k, BUY), hurdle = log(share / (1.0 - share));
    const double floor = may_redeem(s, p) ? t->log_price_floor_with_points : t->log_price_floor;
    const double pull = m->price_sensitivity * (-b->price_response * floor);
    if (s->base_logit + s->response * pull + 1e-9 > hurdle)
        shop(s, t, p, b, m, row, hurdle, day, k);
    return next;
}

/* The month's office work: expire the lot that comes of age, review the tier, drop the oldest month of the window. */
RULE void open_month(shopper *s, const programme *p, const market *m, ledger *row, int64_t day)
{
    if (s->points_balance != 0) {
        int32_t *lot = &s->lots[lot_of(m->month - p->expiry_months - 1)];
        row->points_expired += *lot;
        s->points_balance -= *lot;
        *lot = 0;
    }
    if (s->status & ENROLLED) {
        int64_t earned = 0;
        while (earned + 1 < p->tiers && s->window_spend >= p->threshold[earned + 1])
            earned++;
        if (earned != s->tier) {
            s->lifetime_left -= (double)(day - s->settled_day);
            s->settled_day = (int16_t)day;
            if (earned > s->tier)
                row->promotions += 1;
            else
                row->demotions += 1;
            s->tier = (int8_t)earned;
        }
    }
    int32_t *oldest = &s->month_spend[(unsigned)m->month % WINDOW_MONTHS];
    s->window_spend -= *oldest;
    *oldest = 0;
}

/* Carry every shopper from the first of a month to `until`, one after the other; `lines` begins on day `origin`. */
void live(shopper *shoppers, int16_t *due, int64_t count, const terms *t, const programme *p, const behaviour *b,
          const market *m, ledger *lines, int64_t day, int64_t until, int64_t origin, uint64_t hashed_seed)
{
    for (int64_t i = 0; i < count; i++) {
        shopper *s = &shoppers[i];
        const uint64_t key = mix(hashed_seed + (uint64_t)(i + 1) * GOLDEN);
        open_month(s, p, m, &lines[(day - origin) * STATES + 2 * s->tier], day);
        const int64_t state = 2 * s->tier;
        int64_t today = s->next_visit;
        while (today < until)
            today = visit(s, &t[state], p, b, m, &lines[(today - origin) * STATES + state], today, key);
        s->next_visit = due[i] = (int16_t)today;
    }
}
