using UnionDomain.Kernel;

namespace UnionDomain.Members;

/// <summary>What is wrong with a column of the sheet, beyond the rules of documents, areas and unit codes.</summary>
public static class MemberFormRules
{
    private const string Source = "会员信息采集表";

    /// <summary>No sheet was given.</summary>
    public static readonly Refusal SheetMissing = new("member-form.sheet-missing", "The member's sheet is missing.", "缺少会员信息采集表。");

    /// <summary>More characters than a name has.</summary>
    public static readonly Refusal NameTooLong = new("member-form.name-too-long", "The field name has {length} characters; at most {most} are kept.", "字段name有{length}个字符，最多{most}个。", Source);

    /// <summary>A mandatory column is empty; a finding.</summary>
    public static readonly Refusal Missing = new("member-form.missing", "The field {field} is empty.", "字段{field}为空。", Source);

    /// <summary>A character that no name has; a finding.</summary>
    public static readonly Refusal WrongName = new("member-form.wrong-name",
        "The field name holds something else than letters, ·, space, hyphen, full stop and apostrophe.", "字段name含有文字、间隔号、空格、连字符、句点、撇号以外的字符。", Source);

    /// <summary>A code that the template does not have; a finding.</summary>
    public static readonly Refusal UnknownCode = new("member-form.unknown-code", "The field {field} holds none of the codes of the template.", "字段{field}不是模板中的代码。", Source);

    /// <summary>Not a day of the calendar; a finding.</summary>
    public static readonly Refusal WrongDate = new("member-form.wrong-date", "The field {field} is not a day of the calendar written yyyy-MM-dd.", "字段{field}不是yyyy-MM-dd格式的真实日期。", Source);

    /// <summary>A day after the business date; a finding.</summary>
    public static readonly Refusal DateInFuture = new("member-form.date-in-future", "The field {field} lies after the business date.", "字段{field}晚于业务日期。", Source);

    /// <summary>Older than 130 years; a finding.</summary>
    public static readonly Refusal TooOld = new("member-form.too-old", "By the field bornOn the member is older than 130 years on the business date.", "按出生日期计算，会员在业务日期的年龄超过130岁。", Source);

    /// <summary>Not the sex of the resident ID; a finding.</summary>
    public static readonly Refusal SexDisagrees = new("member-form.sex-disagrees", "The field sex does not agree with the resident ID number.", "性别与公民身份号码不符。", "GB 11643-1999");

    /// <summary>Not the date of birth of the resident ID; a finding.</summary>
    public static readonly Refusal BirthDateDisagrees = new("member-form.birth-date-disagrees",
        "The field bornOn does not agree with the resident ID number.", "出生日期与公民身份号码不符。", "GB 11643-1999");

    /// <summary>Not 11 digits with 1 in front; a finding.</summary>
    public static readonly Refusal WrongMobile = new("member-form.wrong-mobile", "The field mobile is not 11 digits of which the first is 1.", "手机号不是以1开头的11位数字。", Source);

    /// <summary>The document has ended; the reason <c>stale</c>, by the clock.</summary>
    public static readonly Refusal DocumentExpired = new("member-form.document-expired", "The document's last day is past.", "证件已过有效期。", Source);

    /// <summary>A warning: the field was typed otherwise than it is kept.</summary>
    public static readonly Refusal Normalised = new("member-form.normalised",
        "The field {field} was typed with full-width characters, small letters or surrounding blanks; it is kept in its normal form.", "字段{field}含全角字符、小写字母或首尾空格，已规范化保存。");
}
