namespace UnionDomain.Kernel;

/// <summary>Why a text is not a period.</summary>
public static class PeriodRules
{
    /// <summary>None of the five written forms.</summary>
    public static readonly Refusal UnknownForm = new("period.unknown-form",
        "The period is not written as 2014, 2014-H1, 2014-Q2, 2014-06 or 2014-01-01..2014-06-30.", "期间未按2014、2014-H1、2014-Q2、2014-06或2014-01-01..2014-06-30的形式书写。");

    /// <summary>A year 0000, a month 13, a 30 February.</summary>
    public static readonly Refusal ImpossibleDate = new("period.impossible-date",
        "The period names a date or month that no calendar has.", "期间包含日历中不存在的日期或月份。");

    /// <summary>The last date lies before the first.</summary>
    public static readonly Refusal EndsBeforeItBegins = new("period.ends-before-it-begins",
        "The period ends before it begins.", "期间的结束日期早于开始日期。");
}
