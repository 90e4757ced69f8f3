using UnionDomain.Kernel;

namespace UnionDomain.CardBatches;

/// <summary>Why a line of a bank's file is wrong. No sentence ever repeats what stands in it.</summary>
public static class BankFileRules
{
    private const string Source = "银行文件格式";

    /// <summary>Nothing is in the file.</summary>
    public static readonly Refusal Empty = new("bank-file.empty", "The file is empty.", "文件为空。", Source);

    /// <summary>More lines than a batch has.</summary>
    public static readonly Refusal TooManyLines = new("bank-file.too-many-lines", "The file has more than {most} lines.", "文件超过{most}行。", Source);

    /// <summary>More characters than any line has.</summary>
    public static readonly Refusal LineTooLong = new("bank-file.line-too-long", "The line has more than {most} characters.", "该行超过{most}个字符。", Source);

    /// <summary>A control character, NUL for one, or half of a character that takes two places.</summary>
    public static readonly Refusal BrokenCharacter = new("bank-file.broken-character", "The line holds a control character or a broken character.", "该行含控制字符或残缺字符。", Source);

    /// <summary>No header, or a malformed one.</summary>
    public static readonly Refusal HeaderInvalid = new("bank-file.header-invalid", "The first line is not H|batch|yyyyMMdd.", "首行不是H|批次号|yyyyMMdd。", Source);

    /// <summary>No trailer, or a malformed one.</summary>
    public static readonly Refusal TrailerInvalid = new("bank-file.trailer-invalid", "The last line is not T|lines|produced|rejected.", "末行不是T|行数|制成数|退回数。", Source);

    /// <summary>Something follows the trailer.</summary>
    public static readonly Refusal AfterTrailer = new("bank-file.after-trailer", "Something follows the last line T.", "末行T之后仍有内容。", Source);

    /// <summary>No line of that form.</summary>
    public static readonly Refusal LineInvalid = new("bank-file.line-invalid", "The line is not D|line|result|card number|yyyyMMdd.", "该行不是D|行号|结果|卡号|yyyyMMdd。", Source);

    /// <summary>No notice of that form.</summary>
    public static readonly Refusal NoticeInvalid = new("bank-file.notice-invalid", "The line is not A, L or X|card number|yyyyMMdd.", "该行不是A、L或X|卡号|yyyyMMdd。", Source);

    /// <summary>No number of a line.</summary>
    public static readonly Refusal LineNumberInvalid = new("bank-file.line-number-invalid", "The line number is not a whole number from 1 to {most} in plain digits.", "行号不是1至{most}的半角整数。", Source);

    /// <summary>A line twice.</summary>
    public static readonly Refusal LineRepeated = new("bank-file.line-repeated", "The line {line} stands in the file more than once.", "第{line}行在文件中重复。", Source);

    /// <summary>No code of a result.</summary>
    public static readonly Refusal ResultUnknown = new("bank-file.result-unknown", "The result is none of 00 to 05 and 99.", "结果代码不是00至05或99。", Source);

    /// <summary>No day of the calendar.</summary>
    public static readonly Refusal DateInvalid = new("bank-file.date-invalid", "The date is not a day of the calendar written yyyyMMdd.", "日期不是yyyyMMdd格式的真实日期。", Source);

    /// <summary>A day after the file's own.</summary>
    public static readonly Refusal DateAfterHeader = new("bank-file.date-after-header", "The date is after the date of the file.", "日期晚于文件日期。", Source);

    /// <summary>No number of a card.</summary>
    public static readonly Refusal CardNumberInvalid = new("bank-file.card-number-invalid", "The card number is not 16 plain digits with a right check digit.", "卡号不是校验位正确的16位半角数字。", Source);

    /// <summary>A number twice.</summary>
    public static readonly Refusal CardNumberRepeated = new("bank-file.card-number-repeated", "The card number of the line {line} stands on another line too.", "第{line}行的卡号与其他行重复。", Source);

    /// <summary>A number of nobody, or of a card that was replaced since.</summary>
    public static readonly Refusal CardUnknown = new("bank-file.card-unknown", "Nobody in the subtree holds a card of this number now.", "该范围内目前无人持有此卡号。", Source);

    /// <summary>A number beside a rejection.</summary>
    public static readonly Refusal CardNumberNotExpected = new("bank-file.card-number-not-expected", "A rejected line has no card number.", "退回行不应有卡号。", Source);

    /// <summary>Nothing is told beside the result 99.</summary>
    public static readonly Refusal TextMissing = new("bank-file.text-missing", "The result 99 is told in a text of 1 to {most} characters in place of the card number.", "结果99须在卡号处以1至{most}个字符说明。", Source);

    /// <summary>The trailer says other numbers than the lines.</summary>
    public static readonly Refusal TotalsWrong = new("bank-file.totals-wrong",
        "The file ends with the totals {stated}; its lines add up to {counted} (lines, produced, rejected).", "末行合计为{stated}，实际为{counted}（行数、制成、退回）。", Source);

    /// <summary>A name, number or phone is missing that the bank needs.</summary>
    public static readonly Refusal FieldMissing = new("bank-file.field-missing", "The field {field} is empty; the bank needs it.", "字段{field}为空，银行需要该项。", Source);

    /// <summary>A character that parts columns or lines.</summary>
    public static readonly Refusal FieldBroken = new("bank-file.field-broken", "The field {field} holds a bar or a control character.", "字段{field}含竖线或控制字符。", Source);
}
